/* Becomes the process that an image is of: maps its memory where it was, and goes on where it stood.
 *
 *   restore IMAGE copied|mapped     IMAGE is a descriptor, and closed
 *
 * `copied`: for what forks, whose forks then find all of it mapped, in huge pages where there are any. `mapped`: for what
 * does not; its pages are the file's, shared by all jails, until they are written. No C library: it would be in the way.
 */
#include "image.h"

#include <asm/prctl.h>
#include <fcntl.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { HUGE = 2 << 20, STACK_BYTES = 1 << 16, TEXT_BYTES = 1 << 16 };

static long call(long number, long a, long b, long c, long d, long e, long f) {
    register long four __asm__("r10") = d, five __asm__("r8") = e, six __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(four), "r"(five), "r"(six) : "rcx", "r11", "memory");
    return result;
}

static void must(int holds, const char *what) {
    static const char who[] = "box: restore: ";
    long length = 0;
    if (holds) return;
    while (what[length]) length++;
    call(SYS_write, 2, (long)who, sizeof who - 1, 0, 0, 0);
    call(SYS_write, 2, (long)what, length, 0, 0, 0);
    call(SYS_exit_group, 125, 0, 0, 0, 0, 0);
}

static void map(uint64_t at, uint64_t length, uint64_t protection, int flags, int file, uint64_t offset) {
    must(call(SYS_mmap, (long)at, (long)length, (long)protection, flags | MAP_FIXED, file, (long)offset) == (long)at, "mmap\n");
}

static int same(const char *one, const char *other) {
    while (*one && *one == *other) one++, other++;
    return *one == *other;
}

static uint64_t hexadecimal(const char **at) {
    uint64_t value = 0;
    for (;; (*at)++) {
        const char digit = **at;
        if (digit >= '0' && digit <= '9') value = value << 4 | (uint64_t)(digit - '0');
        else if (digit >= 'a' && digit <= 'f') value = value << 4 | (uint64_t)(digit - 'a' + 10);
        else return value;
    }
}

static void move(uint64_t from, uint64_t length, uint64_t to) {
    must(call(SYS_mremap, (long)from, (long)length, (long)length, MREMAP_MAYMOVE | MREMAP_FIXED, (long)to, 0) == (long)to, "mremap\n");
}

static const struct image_head *head;
static struct image_tables *tables;

/* The kernel's own pages come with the process, at an address by chance: take one out of the way of what is mapped. */
static void park(const char *name, uint64_t begin, uint64_t end) {
    for (uint64_t i = 0; i < head->regions; i++) {
        struct image_region *const region = tables->regions + i;
        if (region->kind != OF_KERNEL || !same(region->name, name)) continue;
        must(end - begin == region->end - region->begin, "another kernel\n");
        region->offset = PARKED_AT + i * HUGE;
        move(begin, end - begin, region->offset);
    }
}

static void park_all(void) {
    static char text[TEXT_BYTES];
    const int maps = (int)call(SYS_open, (long)"/proc/self/maps", O_RDONLY, 0, 0, 0, 0);
    long length = 0;
    for (long got; (got = call(SYS_read, maps, (long)text + length, TEXT_BYTES - 1 - length, 0, 0, 0)) > 0;) length += got;
    call(SYS_close, maps, 0, 0, 0, 0, 0);
    for (char *line = text; *line;) {
        const char *at = line;
        char *name = line;
        const uint64_t begin = hexadecimal(&at), end = (at++, hexadecimal(&at));
        while (*name != '[' && *name != '/' && *name != '\n') name++;
        for (line = name; *line != '\n';) line++;
        *line++ = 0;
        if (name[0] == '[' && name[1] == 'v' && !(begin >> 47)) park(name, begin, end);
    }
}

static void map_memory(const struct image_region *region, int filled, int flags) {
    const uint64_t length = region->end - region->begin, protection = filled ? PROT_READ | PROT_WRITE : region->protection;
    map(region->begin, length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
    if (filled && length >= HUGE) call(SYS_madvise, (long)region->begin, (long)length, MADV_HUGEPAGE, 0, 0, 0);
}

/* To the file's end at most: what is behind it is zero. */
static void read_into(uint64_t begin, uint64_t length, int file, uint64_t offset) {
    for (uint64_t done = 0; done < length;) {
        const long got = call(SYS_pread64, file, (long)(begin + done), (long)(length - done), (long)(offset + done), 0, 0);
        must(got >= 0, "read\n");
        if (got == 0) return;
        done += (uint64_t)got;
    }
}

static void protect(const struct image_region *region) {
    if (region->protection == (PROT_READ | PROT_WRITE)) return;
    must(call(SYS_mprotect, (long)region->begin, (long)(region->end - region->begin), (long)region->protection, 0, 0, 0) == 0, "mprotect\n");
}

static void map_region(const struct image_region *region, int copied) {
    const uint64_t length = region->end - region->begin;
    if (region->kind == OF_KERNEL) {
        must(region->offset >= PARKED_AT, "another kernel\n");
        move(region->offset, length, region->begin);
    } else if (region->kind == OF_FILE) {
        const int file = (int)call(SYS_open, (long)region->name, O_RDONLY, 0, 0, 0, 0);
        struct stat which;
        must(file >= 0 && call(SYS_fstat, file, (long)&which, 0, 0, 0, 0) == 0, "a file is gone\n");
        must(which.st_ino == region->inode && (uint64_t)which.st_mtime == region->changed, "a file is another one\n");
        if (copied && length >= HUGE && !region->shared) {
            map_memory(region, 1, 0);
            read_into(region->begin, length, file, region->offset);
            protect(region);
        } else {
            map(region->begin, length, region->protection, region->shared ? MAP_SHARED : MAP_PRIVATE, file, region->offset);
        }
        call(SYS_close, file, 0, 0, 0, 0, 0);
    } else {
        map_memory(region, copied && region->protection & PROT_READ, region->kind == STACK ? MAP_GROWSDOWN : 0);
    }
}

/* Both tables are in the order of addresses. */
static void fill(int file, int copied) {
    const struct image_region *region = tables->regions;
    for (uint64_t i = 0; i < head->runs; i++) {
        const struct image_run *const run = tables->runs + i;
        while (region->end <= run->begin) region++;
        if (!copied && region->kind != STACK) {
            map(run->begin, run->length, region->protection, MAP_PRIVATE | MAP_NORESERVE, file, run->offset);
            continue;
        }
        read_into(run->begin, run->length, file, run->offset);
    }
    for (uint64_t i = 0; copied && i < head->regions; i++) {
        region = tables->regions + i;
        if (region->kind == MEMORY && region->protection & PROT_READ) protect(region);
    }
}

/* Tell the kernel where malloc's memory is, and our arguments, which need not be ours any more. */
static void name_memory(const char *const *words) {
    const char *end = words[2];
    while (*end) end++;
    const struct prctl_mm_map known = {
        .start_code = RESTORE_AT, .end_code = RESTORE_END, .start_data = RESTORE_AT, .end_data = RESTORE_AT,
        .start_brk = head->heap, .brk = head->heap_end, .start_stack = head->place[2],
        .arg_start = (uint64_t)words[0], .arg_end = (uint64_t)end, .env_start = (uint64_t)end, .env_end = (uint64_t)end,
        .exe_fd = -1u,
    };
    must(call(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, (long)&known, sizeof known, 0, 0) == 0, "prctl\n");
}

__attribute__((noreturn, used)) static void start(const long *stack) {
    const char *const *const words = (const char *const *)(stack + 1);
    must(*stack == 3, "usage: restore IMAGE copied|mapped\n");
    int file = 0;
    for (const char *digit = words[1]; *digit; digit++) file = 10 * file + *digit - '0';
    const int copied = same(words[2], "copied");
    static struct image_head read;
    must(call(SYS_pread64, file, (long)&read, sizeof read, 0, 0, 0) == sizeof read && read.magic == IMAGE_MAGIC, "no image\n");
    head = &read;
    tables = (struct image_tables *)TABLES_AT;
    map(TABLES_AT, sizeof *tables, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, read.tables_at);
    park_all();
    for (uint64_t i = 0; i < head->regions; i++)
        if (tables->regions[i].kind != OF_KERNEL) map_region(tables->regions + i, copied);
    for (uint64_t i = 0; i < head->regions; i++)
        if (tables->regions[i].kind == OF_KERNEL) map_region(tables->regions + i, copied);
    fill(file, copied);
    name_memory(words);
    call(SYS_close, file, 0, 0, 0, 0, 0);
    call(SYS_munmap, TABLES_AT, sizeof *tables, 0, 0, 0, 0);
    must(call(SYS_arch_prctl, ARCH_SET_FS, (long)head->identity, 0, 0, 0, 0) == 0, "arch_prctl\n");
    __asm__ volatile("mov (%0), %%rbp; mov 16(%0), %%rsp; jmp *8(%0)" : : "a"(head->place) : "memory");
    __builtin_unreachable();
}

static char own_stack[STACK_BYTES] __attribute__((aligned(16), used));
__asm__(".globl _start\n_start:\n mov %rsp, %rdi\n lea own_stack+65536-16(%rip), %rsp\n call start\n");
