/* The image of a warm process: all its memory in a file, from which the next jails of the machine start theirs (restore.c).
 *
 * For a server that has read everything trusted and nothing of a program, and whose other threads, if it has any, are held
 * (java/warm/revive.c): what it has become depends on nothing but its files and the machine as it is since its start.
 */
#define _GNU_SOURCE
#include "image.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_GAP = 16 * IMAGE_PAGE };

/* Where the thread-local storage is; the compiler's own word for it is missing before GCC 11. */
static uint64_t thread_pointer(void) {
#ifdef __x86_64__
    uint64_t at;
    __asm__("mov %%fs:0, %0" : "=r"(at));
    return at;
#else
    return (uint64_t)__builtin_thread_pointer();
#endif
}

static struct {
    struct image_head head;
    struct image_tables *tables;
    int file, memory; /* descriptors */
    uint64_t size;
} image;

static void put_whole(const void *data, size_t length) {
    for (size_t done = 0; done < length;) {
        const ssize_t put = pwrite(image.file, (const char *)data + done, length - done, (off_t)(image.size + done));
        if (put <= 0) _exit(125);
        done += (size_t)put;
    }
    image.size += length;
}

/* Whether a region can be mapped from its file instead of being kept. Which file that is, is noted. */
static int as_its_file(struct image_region *region) {
    static char here[IMAGE_PAGE], there[IMAGE_PAGE];
    const int file = region->name[0] == '/' ? open(region->name, O_RDONLY | O_CLOEXEC) : -1;
    struct stat which;
    int same = file >= 0 && fstat(file, &which) == 0 && !(region->protection & PROT_WRITE) && region->protection & PROT_READ;
    for (uint64_t at = region->begin; same && at < region->end; at += IMAGE_PAGE) {
        const ssize_t length = pread(file, there, sizeof there, (off_t)(region->offset + at - region->begin));
        /* What is behind the file's end is zero on its last page, and cannot be read on the next. */
        same = length >= 0 && (length == 0 || (pread(image.memory, here, sizeof here, (off_t)at) == sizeof here && memcmp(here, there, (size_t)length) == 0));
    }
    if (file >= 0) close(file);
    if (same) region->inode = which.st_ino, region->changed = (uint64_t)which.st_mtime;
    return same;
}

/* One line of /proc/self/maps. */
static void note_region(const char *line) {
    struct image_region at = {.kind = MEMORY};
    char can[5];
    const char *const name = strpbrk(line, "/[");
    if (sscanf(line, "%lx-%lx %4s %lx", &at.begin, &at.end, can, &at.offset) != 4) _exit(125);
    if ((at.begin >= RESTORE_AT && at.begin < RESTORE_END) || at.begin >> 47) return; /* ours; the kernel's half */
    at.protection = (can[0] == 'r' ? PROT_READ : 0) | (can[1] == 'w' ? PROT_WRITE : 0) | (can[2] == 'x' ? PROT_EXEC : 0);
    if (name) snprintf(at.name, sizeof at.name, "%s", name);
    if (strncmp(at.name, "[v", 2) == 0) at.kind = OF_KERNEL;
    else if (strcmp(at.name, "[stack]") == 0) at.kind = STACK;
    else if (strcmp(at.name, "[heap]") == 0 && !image.head.heap) image.head.heap = at.begin;
    else if (as_its_file(&at)) at.kind = OF_FILE;
    at.shared = can[3] == 's';
    if (at.shared && at.kind != OF_FILE) _exit(125);
    if (image.head.regions == MOST_REGIONS) _exit(125);
    image.tables->regions[image.head.regions++] = at;
}

static void note_regions(void) {
    static char line[1024];
    const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    char one;
    for (size_t length = 0; maps >= 0 && read(maps, &one, 1) == 1;) {
        line[length] = 0;
        if (one == '\n') note_region(line), length = 0;
        else if (length + 1 < sizeof line) line[length++] = one;
    }
    close(maps);
}

/* Write the pages of a region that are not zero, and those few between them, so that runs are long. */
static void put_region(const struct image_region *region) {
    static const char zero[IMAGE_PAGE];
    static char page[IMAGE_PAGE];
    if (region->kind > STACK || !(region->protection & PROT_READ)) return;
    for (uint64_t at = region->begin; at < region->end; at += IMAGE_PAGE) {
        /* A page behind the end of its file cannot be read, and is none. */
        if (pread(image.memory, page, sizeof page, (off_t)at) != sizeof page || memcmp(page, zero, sizeof page) == 0) continue;
        struct image_run *const last = image.head.runs ? image.tables->runs + image.head.runs - 1 : NULL;
        const uint64_t gap = last && last->begin >= region->begin ? at - last->begin - last->length : MOST_GAP + 1;
        if (gap <= MOST_GAP) {
            image.size += gap;
            last->length += gap + IMAGE_PAGE;
        } else {
            if (image.head.runs == MOST_RUNS) _exit(125);
            image.tables->runs[image.head.runs++] = (struct image_run){at, IMAGE_PAGE, image.size};
        }
        put_whole(page, sizeof page);
    }
}

static void save(void) {
    image.memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    image.tables = (struct image_tables *)mmap(
        (void *)TABLES_AT, sizeof *image.tables, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    image.size = IMAGE_PAGE;
    if (image.memory < 0 || image.tables == MAP_FAILED) _exit(125);
    note_regions();
    image.head.heap_end = (uint64_t)sbrk(0);
    if (!image.head.heap) image.head.heap = image.head.heap_end;
    for (uint64_t i = 0; i < image.head.regions; i++) put_region(image.tables->regions + i);
    image.head.magic = IMAGE_MAGIC;
    image.head.tables_at = image.size;
    put_whole(image.tables, sizeof *image.tables);
    image.size = 0;
    put_whole(&image.head, sizeof image.head);
    _exit(0);
}

/* Where BOX_IMAGE names a descriptor: write the image to it and end. Returns 1 in a process that was restored, which says so
 * at the descriptor `told`; 0, at once, where nobody wants an image. */
#ifdef __cplusplus
extern "C"
#endif
int keep_image(int told) {
    static char name[16];
    static int *number;
    const char *const wanted = getenv("BOX_IMAGE");
    if (!wanted) return 0;
    image.file = atoi(wanted);
    image.head.identity = thread_pointer();
    prctl(PR_GET_NAME, name, 0, 0, 0);
    prctl(PR_GET_TID_ADDRESS, &number, 0, 0, 0);
    if (__builtin_setjmp((void **)image.head.place) == 0) save();
    prctl(PR_SET_NAME, name, 0, 0, 0);
    if (number) *number = (int)syscall(SYS_set_tid_address, number);
    unsetenv("BOX_IMAGE");
    if (write(told, "+", 1) != 1) _exit(0);
    return 1;
}
