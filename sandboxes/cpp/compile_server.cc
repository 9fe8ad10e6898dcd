/* A fork server inside GCC's C++ compiler proper (cc1plus): start-up, the precompiled header and the common
 * template instantiations are paid once, each program is a fork.
 *
 * How: this library is preloaded into cc1plus, which is started on `#include "pch.h"`, the nine headers again
 * (so that their include guards are known), `#include "hx-program"`. Opening hx-program is the moment when
 * everything trusted has been read and nothing of a program has: there the server instantiates what warm.h
 * mentions and waits for programs. A fork gets the texts from memory, writes the assembly to memory, and
 * continues with the assembler and the linker, all in one cell. The result is OUTPUT in the cell's directory.
 *
 * It touches GCC's own data, so it is built against the headers of exactly one version (gcc-12-plugin-dev) and
 * steps.py goes without a server where those are missing or differ.
 *
 * Payload: eight-byte lengths of program, candidate and tests; one byte for OpenSSL; 16 bytes of nonce; texts.
 */
#include "gcc-plugin.h"
#include "plugin-version.h"
#include "tree.h"
#include "function.h"
#include "basic-block.h"
#include "gimple.h"
#include "cgraph.h"
#include "stringpool.h"
#include "attribs.h"
#include "rtl.h"
#include "cp/cp-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if GCCPLUGIN_VERSION_MAJOR != 12
#error "the order of events in cc1plus is known for GCC 12 only"
#endif

extern "C" char *cell_serve(int socket_fd, size_t *length);
extern void initialize_rtl(void);

/* HX_LINK is a list of string literals, from steps.py: how to link. */
static const char *const assembler[] = {HX_ASSEMBLE, NULL};
static const char *const linker[] = {HX_LINK, NULL};
static const char *const linker_openssl[] = {HX_LINK_OPENSSL, NULL};

enum { PROGRAM, CANDIDATE, TESTS, TEXTS };
static const char *const names[TEXTS] = {"hx-program", "hx-candidate", "hx-tests-"};
static const char *text[TEXTS]; /* null once it has been read: each is given out once */
static int64_t length[TEXTS];
static char nonce[17];
static bool with_openssl, serving;
static int assembly; /* what the compiler writes as its standard output, which it closes */

/* A fault of ours, never of a program. */
static void fail(const char *what) {
    dprintf(2, "cell: compile server: %s: error %d\n", what, errno);
    _exit(125);
}

/* What a compiler process would do at the end of every program for these instantiations, done once. */
static void warm_up() {
    at_eof = 1; /* as at the end of a file: the linkage of each instantiation is decided at once */
    instantiate_pending_templates(0);
    at_eof = 0;
    initialize_rtl();
    for (symtab_node *node = symtab->nodes, *next; node; node = next) {
        next = node->next;
        tree decl = node->decl;
        cgraph_node *function = dyn_cast<cgraph_node *>(node);
        /* At -O0 the body of a function that is defined elsewhere is never used, except always_inline. */
        if (function && function->definition && !function->alias && !function->thunk && DECL_INTERFACE_KNOWN(decl)
            && DECL_REALLY_EXTERN(decl) && !lookup_attribute("always_inline", DECL_ATTRIBUTES(decl))) {
            function->remove();
            continue;
        }
        if (!(is_a<varpool_node *>(node) && DECL_HARD_REGISTER(decl))) DECL_ASSEMBLER_NAME(decl); /* mangle it now */
    }
}

/* The compiler has ended: assemble and link in its place. */
static void finish(int status, void *) {
    if (status != 0) return;
    extern char **environ;
    unsetenv("LD_PRELOAD");
    lseek(assembly, 0, SEEK_SET);
    if (dup2(assembly, 0) < 0 || dup2(2, 1) < 0) fail("descriptors");
    pid_t pid;
    int ended;
    if (posix_spawn(&pid, assembler[0], NULL, NULL, (char **)assembler, environ) != 0) fail(assembler[0]);
    if (waitpid(pid, &ended, 0) != pid) fail("waitpid");
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) _exit(1);
    const char *const *link = with_openssl ? linker_openssl : linker;
    execve(link[0], (char **)link, environ);
    fail(link[0]);
}

static void serve() {
    serving = true;
    warm_up();
    size_t size;
    const char *payload = cell_serve(3, &size);
    /* From here on we are a fork in a cell. */
    const size_t head = sizeof length + 1 + 16;
    if (size < head) fail("payload");
    memcpy(length, payload, sizeof length);
    with_openssl = payload[sizeof length] == '1';
    memcpy(nonce, payload + sizeof length + 1, 16);
    const char *at = payload + head;
    for (int i = 0; i < TEXTS; i++) {
        text[i] = at;
        at += length[i];
    }
    if (at != payload + size) fail("payload");
    close(3);
    close(4);
    assembly = memfd_create("assembly", MFD_CLOEXEC);
    if (assembly < 0 || dup2(assembly, 1) < 0) fail("memfd_create");
    on_exit(finish, NULL);
}

/* A descriptor from which `i` can be read. */
static int give(int i) {
    int fd = memfd_create("text", MFD_CLOEXEC);
    for (int64_t done = 0; fd >= 0 && done < length[i];) {
        ssize_t put = write(fd, text[i] + done, length[i] - done);
        if (put <= 0) return -1;
        done += put;
    }
    text[i] = NULL;
    if (fd >= 0) lseek(fd, 0, SEEK_SET);
    return fd;
}

static bool is_name(const char *path, int i) {
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    if (i != TESTS) return strcmp(base, names[i]) == 0;
    size_t n = strlen(names[i]);
    return strncmp(base, names[i], n) == 0 && strcmp(base + n, nonce) == 0;
}

extern "C" int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    if (!serving && is_name(path, PROGRAM)) serve();
    for (int i = 0; serving && i < TEXTS; i++) {
        if (text[i] && is_name(path, i)) return give(i);
    }
    return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
