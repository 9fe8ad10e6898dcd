/* Runs compiled programs: a fork server with the C++ library and templates.so loaded. A fork loads two shared
 * objects, the tests first and then the program, and calls the tests' main.
 *
 * The tests find what they use (the library, their own instantiations) before the program is there and in front of it:
 * it can neither overload nor interpose anything of theirs but the functions they leave undefined, the solution. A
 * program's own symbols are bound to itself (-Bsymbolic) and none of ours is exported. What this does not stop: a
 * program that reads or writes its own memory, where the token and the tests are.
 *
 * Payload: the name of the function that takes `check` for the tests, and a newline; the tests' object, or nothing where
 * the tests are in the program's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __aarch64__
#define JUMP_SLOT R_AARCH64_JUMP_SLOT
#else
#define JUMP_SLOT R_X86_64_JUMP_SLOT
#endif

char *cell_serve(int socket_fd, size_t *length);

static char token[33], other_token[33]; /* see verdict.py */
static int report_fd;
static unsigned checks;

struct line {
    char text[1024];
    size_t size;
};

/* Appends; nothing of the C library's formatting, into which a program can put functions of its own. */
static void add(struct line *line, const char *text) {
    while (*text && line->size < sizeof line->text - 1) {
        const char c = *text++;
        line->text[line->size++] = (unsigned char)c < ' ' ? ' ' : c;
    }
}

static void add_number(struct line *line, unsigned number) {
    char digits[12];
    int at = sizeof digits - 1;
    digits[at] = 0;
    do digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    add(line, digits + at);
}

static void end(struct line *line, int fd) {
    line->text[line->size++] = '\n';
    syscall(SYS_write, fd, line->text, line->size);
}

static void report(const char *its_token, const char *event, unsigned failures, const char *detail) {
    struct line line = {.size = 0};
    add(&line, its_token);
    add(&line, " ");
    add(&line, event);
    add(&line, " checks=");
    add_number(&line, checks);
    add(&line, " failures=");
    add_number(&line, failures);
    add(&line, " ");
    add(&line, detail);
    end(&line, report_fd);
}

/* One assertion of the tests. The first that fails ends the program, whatever becomes of its report: with the token
 * gone, none that follows is worth anything. */
static void check(int holds, const char *expression) {
    checks++;
    if (holds) return;
    explicit_bzero(token, sizeof token);
    report(other_token, "wrong", 1, expression);
    fflush(stdout);
    struct line line = {.size = 0};
    add(&line, "assertion failed: ");
    add(&line, expression);
    end(&line, 2);
    for (;;) syscall(SYS_exit_group, 1);
}

/* The tests' object, from memory: no program can put another in its place. */
static void *load(const char *object, size_t size) {
    char path[64];
    int fd = memfd_create("tests", MFD_CLOEXEC);
    if (fd < 0 || write(fd, object, size) != (ssize_t)size) _exit(124);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    void *tests = dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE); /* no program unloads it */
    if (!tests) report(token, "fault", 0, dlerror());
    close(fd);
    return tests;
}

/* Gives the tests what they check with. They take it once only, so that who finds the function's name cannot give
 * another. */
static int hand_over(void *tests, const char *slot) {
    void (*take)(void (*)(int, const char *)) = (void (*)(void (*)(int, const char *)))dlsym(tests, slot);
    if (take) take(check);
    return take != NULL;
}

/* Looks up now what the tests call, as their first call of each would: that leaves addresses on the stack, where the
 * variables come to lie that a program forgot to set, and addresses differ from run to run. In their own libraries
 * first: those that only they need come after the program else. What is nowhere stays as it is: calling it ends the
 * program. */
static void bind(void *tests) {
    struct link_map *map = NULL;
    const ElfW(Rela) *jumps = NULL;
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    size_t size = 0;
    if (dlinfo(tests, RTLD_DI_LINKMAP, &map) != 0) return;
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_JMPREL) jumps = (const ElfW(Rela) *)entry->d_un.d_ptr;
        if (entry->d_tag == DT_PLTRELSZ) size = entry->d_un.d_val;
        if (entry->d_tag == DT_SYMTAB) symbols = (const ElfW(Sym) *)entry->d_un.d_ptr;
        if (entry->d_tag == DT_STRTAB) names = (const char *)entry->d_un.d_ptr;
    }
    for (size_t i = 0; jumps && i < size / sizeof *jumps; i++) {
        const ElfW(Sym) *symbol = &symbols[ELF64_R_SYM(jumps[i].r_info)];
        if (ELF64_R_TYPE(jumps[i].r_info) != JUMP_SLOT || symbol->st_shndx != SHN_UNDEF) continue;
        void *found = dlsym(tests, names + symbol->st_name);
        if (!found) found = dlsym(RTLD_DEFAULT, names + symbol->st_name);
        if (found) *(void **)(map->l_addr + jumps[i].r_offset) = found;
    }
}

/* And what loading left there goes: zeros are what a program mostly finds in a process of its own. */
__attribute__((noinline)) static void clear_stack(void) {
    char below[64 << 10];
    explicit_bzero(below, sizeof below);
}

int main(void) {
    size_t length;
    mallopt(M_ARENA_MAX, 1); /* each further one takes 64 MiB of the address space that a program with threads may have */
    char *payload = cell_serve(3, &length);
    if (read(3, token, 32) != 32 || read(3, other_token, 32) != 32) return 124;
    close(3);
    report_fd = fcntl(4, F_DUPFD_CLOEXEC, 5);
    close(4);
    const char *slot = payload;
    char *object = strchr(slot, '\n');
    *object++ = 0;
    const size_t size = length - (size_t)(object - payload);
    void *tests = NULL;
    if (size && (!(tests = load(object, size)) || !hand_over(tests, slot))) return 1;
    memset(object, 0, size);
    void *program = dlopen("./program.so", RTLD_NOW | RTLD_GLOBAL);
    if (!program) {
        report(other_token, "compile", 0, dlerror()); /* what the linker would have said */
        return 1;
    }
    const int ready = tests || hand_over(program, slot);
    if (!tests) tests = program;
    int (*start)(void) = (int (*)(void))dlsym(tests, "main");
    if (!ready || !start) {
        report(other_token, "compile", 0, "undefined reference to `main'");
        return 1;
    }
    unlink("program.so");
    bind(tests);
    clear_stack();
    int status = start();
    report(token, "done", 0, "");
    exit(status);
}
