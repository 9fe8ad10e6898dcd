/* A fork server inside GCC's C++ compiler proper (cc1plus): start-up, the precompiled header and the common
 * template instantiations are paid once, each program is a fork.
 *
 * How: this library is preloaded into cc1plus, which is started on `#include "pch.h"`, the nine headers again
 * (so that their include guards are known), `#include "hx-program"`. Opening hx-program is the moment when
 * everything trusted has been read and nothing of a program has: there the server instantiates what warm.h
 * mentions and waits for programs. A fork gets the text from memory, writes the assembly to memory, and
 * continues with the assembler and the linker, all in one box. The result is program.so in the box's directory.
 *
 * It touches GCC's own data, so it is built against the headers of exactly one version (gcc-12-plugin-dev) and
 * `compilers.py` goes without a server where those are missing or differ: its plain twin is the g++ driver.
 *
 * Payload: one byte for OpenSSL; the text.
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

extern "C" char *box_serve(int socket_fd, size_t *length);
extern void initialize_rtl(void);

/* Each is a list of string literals, from compilers.py: how to assemble, how to link. */
static const char *const assembler[] = {HX_ASSEMBLE, NULL};
static const char *const linker[] = {HX_LINK, NULL};
static const char *const linker_openssl[] = {HX_LINK_OPENSSL, NULL};

static const char *program; /* null once it has been read: it is given out once */
static size_t length;
static bool with_openssl, serving;
static int assembly; /* what the compiler writes as its standard output, which it closes */

/* A fault of ours, never of a program. */
static void fail(const char *what) {
    dprintf(2, "box: compile server: %s: error %d\n", what, errno);
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
    const char *payload = box_serve(3, &size);
    /* From here on we are a fork in a box. */
    if (size < 1) fail("payload");
    with_openssl = *payload == '1';
    program = payload + 1;
    length = size - 1;
    assembly = memfd_create("assembly", MFD_CLOEXEC);
    if (assembly < 0 || dup2(assembly, 1) < 0) fail("memfd_create");
    on_exit(finish, NULL);
}

/* A descriptor from which the program can be read. */
static int give() {
    int fd = memfd_create("text", MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < length;) {
        ssize_t put = write(fd, program + done, length - done);
        if (put <= 0) return -1;
        done += (size_t)put;
    }
    program = NULL;
    if (fd >= 0) lseek(fd, 0, SEEK_SET);
    return fd;
}

extern "C" int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, "hx-program") == 0) {
        if (!serving) serve();
        if (program) return give();
    }
    return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
