/* Runs compiled programs: a fork server with the C++ library and templates.so loaded. A fork loads one
 * program (a shared object) and calls its tests' main.
 *
 * A program's symbols are bound to itself (-Bsymbolic) and none of ours is exported: whatever it calls
 * `abort`, `write` or `exit`, this file uses the C library's or bare system calls. What it does not stop: a
 * program that reads the token out of its own memory.
 *
 * Payload: the name of the pointer through which its tests reach `check`.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

char *cell_serve(int socket_fd, size_t *length);

static char token[33];
static pid_t owner; /* only the process that started the tests may report */
static int report_fd;
static unsigned checks;

static void report(const char *event, unsigned failures, const char *detail) {
    char line[1024];
    if (syscall(SYS_getpid) != owner) return;
    int n = snprintf(line, sizeof line - 1, "%s %s checks=%u failures=%u %.800s", token, event, checks, failures, detail);
    for (int i = 0; i < n; i++) {
        if ((unsigned char)line[i] < ' ') line[i] = ' ';
    }
    line[n++] = '\n';
    syscall(SYS_write, report_fd, line, n);
}

/* One assertion of the tests. The first that fails ends the program. */
static void check(int holds, const char *expression) {
    checks++;
    if (holds) return;
    fflush(stdout);
    dprintf(2, "assertion failed: %s\n", expression);
    report("wrong", 1, expression);
    syscall(SYS_exit_group, 1);
}

int main(void) {
    size_t length;
    const char *slot = cell_serve(3, &length);
    if (read(3, token, 32) != 32) return 124;
    close(3);
    report_fd = fcntl(4, F_DUPFD_CLOEXEC, 5);
    close(4);
    owner = getpid();
    void *program = dlopen("./program.so", RTLD_NOW);
    if (!program) {
        report("compile", 0, dlerror()); /* what the linker would have said */
        return 1;
    }
    void (**to_check)(int, const char *) = dlsym(program, slot);
    int (*tests)(void) = (int (*)(void))dlsym(program, "main");
    if (!to_check || !tests) {
        report("compile", 0, "undefined reference to `main'");
        return 1;
    }
    unlink("program.so");
    *to_check = check;
    int status = tests();
    report("done", 0, "");
    exit(status);
}
