/* A fork server inside GCC's C++ compiler proper (cc1plus): start-up, the precompiled header and the common
 * template instantiations are paid once, each program is a fork.
 *
 * How: this library is preloaded into cc1plus, which is started on `#include "pch.h"`, the nine headers again
 * (so that their include guards are known), `#include "hx-program"`. Opening hx-program is the moment when
 * everything trusted has been read and nothing of a program has: there the server instantiates what warm.h
 * mentions, marks types as laid out, takes out of the compiler's tables what templates.so has (at the end of a program it
 * goes through the program's functions alone), has assembler and linker begin, moves itself into huge pages and waits for programs. A fork gets
 * the text from memory, writes the assembly to memory, and goes on as the assembler, then as the linker, all in one box.
 * The result is program.so in the box's directory.
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
#include "gimplify.h"
#include "cgraph.h"
#include "stringpool.h"
#include "attribs.h"
#include "rtl.h"
#include "output.h"
#include "cp/cp-tree.h"
#include "ggc.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#if GCCPLUGIN_VERSION_MAJOR != 12
#error "the order of events in cc1plus is known for GCC 12 only"
#endif

extern "C" char *box_serve(int socket_fd, size_t *length);
extern "C" int keep_image(int told);
extern void initialize_rtl(void);

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define OBJECT "program.o"
#define INPUT "{standard input}" /* the name that messages have */

/* Each is a list of string literals, from compilers.py; HX_ASSEMBLE and HX_ASSEMBLER are too. */
static const char *const linker[] = {HX_LINK, NULL};
static const char *const linker_openssl[] = {HX_LINK_OPENSSL, NULL};

/* The symbols that templates.so has. */
static const char *const exported[] = {
#include "exported.h"
};

static const char *program; /* null once it has been read: it is given out once */
static size_t length;
static bool with_openssl, serving;
static int assembly; /* what the compiler writes as its standard output, which it closes */

/* A fault of ours, never of a program. */
static void fail(const char *what) {
    dprintf(2, "box: compile server: %s: error %d\n", what, errno);
    _exit(125);
}

/* Whether the code of a function is not the program's to have: templates.so or a library of the system has it, and at -O0
 * nobody looks at its body, but where it is always inlined. */
static bool is_elsewhere(cgraph_node *function, hash_set<tree> &names) {
    tree decl = function->decl, clone;
    if (lookup_attribute("always_inline", DECL_ATTRIBUTES(decl))) return false;
    if (DECL_MAYBE_IN_CHARGE_CDTOR_P(decl)) { /* has no code but its copies */
        FOR_EACH_CLONE(clone, decl) if (!names.contains(DECL_ASSEMBLER_NAME(clone))) return false;
        return true;
    }
    if (TREE_PUBLIC(decl) && names.contains(DECL_ASSEMBLER_NAME(decl))) return true;
    return function->definition && !function->alias && !function->thunk && DECL_INTERFACE_KNOWN(decl) && DECL_REALLY_EXTERN(decl);
}

/* Says that a function is elsewhere, and forgets its body unless constant expressions may need that. */
static void make_external(cgraph_node *node) {
    tree decl = node->decl, initial = DECL_INITIAL(decl), body = DECL_SAVED_TREE(decl);
    struct function *own = DECL_STRUCT_FUNCTION(decl);
    DECL_EXTERNAL(decl) = 1;
    DECL_NOT_REALLY_EXTERN(decl) = 0;
    DECL_INTERFACE_KNOWN(decl) = 1;
    DECL_COMDAT(decl) = 0;
    if (DECL_DECLARED_CONSTEXPR_P(decl)) DECL_STRUCT_FUNCTION(decl) = NULL; /* it is not released then */
    node->remove();
    if (!DECL_DECLARED_CONSTEXPR_P(decl)) return;
    DECL_STRUCT_FUNCTION(decl) = own;
    DECL_INITIAL(decl) = initial;
    DECL_SAVED_TREE(decl) = body;
}

/* Takes what is elsewhere out of the compiler's lists of what is decided at the end of the program. */
static void forget(hash_set<tree> &gone) {
    for (const ggc_root_tab *const *table = gt_ggc_rtab; *table; table++) {
        for (const ggc_root_tab *root = *table; root->base; root++) {
            if (root->cb != gt_ggc_mx_vec_tree_va_gc_) continue;
            vec<tree, va_gc> *const list = *(vec<tree, va_gc> **)root->base;
            unsigned i, left = 0;
            tree each;
            bool listed = list != NULL; /* nothing but functions and variables */
            FOR_EACH_VEC_SAFE_ELT(list, i, each) listed = listed && each && VAR_OR_FUNCTION_DECL_P(each);
            if (!listed) continue;
            FOR_EACH_VEC_ELT(*list, i, each) {
                const bool cpp = VAR_P(each) && DECL_LANG_SPECIFIC(each);
                const bool variable = cpp && DECL_REALLY_EXTERN(each) && !DECL_TEMPLOID_INSTANTIATION(each);
                if (!variable && !gone.contains(each)) (*list)[left++] = each;
            }
            list->truncate(left);
        }
    }
}

/* Marks a type and what it is made of as laid out, as the compiler does where a function first has a variable of it: it writes
 * to each variant of the type, as which it has each typedef. */
static void lay_out(tree type) {
    gimple_seq code = NULL;
    for (; type && type != error_mark_node; type = TREE_TYPE(type)) {
        if (COMPLETE_TYPE_P(type) && !FUNC_OR_METHOD_TYPE_P(type)) gimplify_type_sizes(type, &code);
        if (!POINTER_TYPE_P(type)) break;
    }
    if (code) fail("a type of the headers has no constant size");
}

/* The same for the types that the headers' functions have to do with. */
static void lay_out_all() {
    symtab_node *node;
    FOR_EACH_SYMBOL(node) {
        const tree type = TREE_TYPE(node->decl), context = DECL_CONTEXT(node->decl);
        if (context && TYPE_P(context)) lay_out(context);
        if (TREE_CODE(node->decl) != FUNCTION_DECL) {
            lay_out(type);
            continue;
        }
        lay_out(TREE_TYPE(type));
        for (tree each = TYPE_ARG_TYPES(type); each; each = TREE_CHAIN(each)) lay_out(TREE_VALUE(each));
    }
    for (tree each : integer_types) lay_out(each);
    for (tree each : {boolean_type_node, float_type_node, double_type_node, long_double_type_node, ptr_type_node}) lay_out(each);
}

/* What a compiler process would do at the end of every program for the headers' functions, done once. */
static void warm_up() {
    at_eof = 1; /* as at the end of a file: the linkage of each instantiation is decided at once */
    instantiate_pending_templates(0);
    at_eof = 0;
    initialize_rtl();
    lay_out_all();
    hash_set<tree> names, gone;
    for (const char *name : exported) names.add(get_identifier(name));
    auto_vec<cgraph_node *> functions, aliases;
    symtab_node *node;
    FOR_EACH_SYMBOL(node) {
        if (!(is_a<varpool_node *>(node) && DECL_HARD_REGISTER(node->decl))) DECL_ASSEMBLER_NAME(node->decl); /* mangle it now */
        cgraph_node *const function = dyn_cast<cgraph_node *>(node);
        if (!function || !is_elsewhere(function, names)) continue;
        gone.add(node->decl);
        (function->alias ? aliases : functions).safe_push(function);
    }
    for (cgraph_node *each : aliases) make_external(each); /* before what they are aliases of */
    for (cgraph_node *each : functions) make_external(each);
    forget(gone);
}

/* Moves the compiler's large regions, its code and its headers, into huge pages: a fork copies one entry for 512 pages, and
 * finds them mapped. Where there are no huge pages, they are moved into small ones, for nothing. */
static void into_huge_pages() {
    struct region { uintptr_t begin, end; int protection; };
    auto_vec<region> large;
    const uintptr_t size = 2 << 20;
    char line[512], can[5];
    FILE *const maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        region at;
        if (sscanf(line, "%lx-%lx %4s", &at.begin, &at.end, can) != 3 || can[0] != 'r' || can[3] != 'p') continue;
        at.begin = (at.begin + size - 1) & -size;
        at.end &= -size;
        at.protection = PROT_READ | (can[1] == 'w' ? PROT_WRITE : 0) | (can[2] == 'x' ? PROT_EXEC : 0);
        if (at.begin < at.end) large.safe_push(at);
    }
    if (maps) fclose(maps);
    for (const region &at : large) {
        const size_t length = at.end - at.begin;
        void *const space = mmap(NULL, length + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (space == MAP_FAILED) fail("huge pages");
        void *const copy = (void *)(((uintptr_t)space + size - 1) & -size);
        madvise(copy, length, MADV_HUGEPAGE);
        memcpy(copy, (void *)at.begin, length);
        if (mprotect(copy, length, at.protection) != 0) fail("huge pages");
        if (mremap(copy, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, at.begin) == MAP_FAILED) fail("huge pages");
    }
}

/* The assembler and the linker, in the same process: most of what they do as commands is starting. They have begun before
 * the server forks, up to where they open their input, each on a stack of its own; a fork goes on with them. */
static ucontext_t ours, assembler, links; /* theirs: where they wait */
static int object = -1;                   /* the descriptor that the assembler writes */
static bool linker_begins, linking;
static char *opened[256]; /* the files that the linker has, by descriptor: a box closes them */

/* Enters an executable at its first instruction, as the kernel would, with no environment. */
static const char *const *arguments;
static void enter(uint32_t low, uint32_t high) {
    const uintptr_t entry = (uintptr_t)high << 32 | low;
    uintptr_t start[64] = {};
    while (arguments[start[0]]) start[0]++;
    if (start[0] + 4 > COUNT(start)) fail("arguments");
    memcpy(start + 1, arguments, start[0] * sizeof *start);
    asm volatile("mov %0, %%rsp; xor %%edx, %%edx; jmp *%1" : : "r"(start), "r"(entry) : "memory");
}

/* Has an executable begin: until it opens its input. */
static void begin(const char *library, const char *const *words, ucontext_t *its) {
    void *const loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    struct link_map *map;
    if (!loaded || dlinfo(loaded, RTLD_DI_LINKMAP, &map) != 0) fail(library);
    const uintptr_t entry = map->l_addr + ((ElfW(Ehdr) *)map->l_addr)->e_entry;
    arguments = words;
    getcontext(its);
    its->uc_stack.ss_size = 1 << 20;
    its->uc_stack.ss_sp = xmalloc(its->uc_stack.ss_size);
    makecontext(its, (void (*)())enter, 2, (uint32_t)entry, (uint32_t)(entry >> 32));
    swapcontext(&ours, its);
}

typedef int Main(int, char **, char **);
extern "C" int __libc_start_main(Main *main, int count, char **words, void (*init)(), void (*fini)(), void (*end)(), void *stack) {
    if (serving) exit(main(count, words, words + count + 1)); /* the assembler's, or the linker's */
    decltype(&__libc_start_main) const start = (decltype(&__libc_start_main))dlsym(RTLD_NEXT, "__libc_start_main");
    return start(main, count, words, init, fini, end, stack);
}

extern "C" FILE *fopen64(const char *path, const char *mode) {
    if (serving && strcmp(path, OBJECT) == 0) {
        /* Until there is a program; a number that nothing else has in a fork. */
        if (object < 0) return fdopen(object = fcntl(memfd_create("object", MFD_CLOEXEC), F_DUPFD_CLOEXEC, 64), mode);
    } else if (serving && strcmp(path, INPUT) == 0) {
        swapcontext(&assembler, &ours);
        return fdopen(assembly, mode);
    }
    decltype(&fopen64) const open = (decltype(&fopen64))dlsym(RTLD_NEXT, "fopen64");
    return open(path, mode);
}
extern "C" FILE *fopen(const char *path, const char *mode) { return fopen64(path, mode); }

/* The compiler has closed what it writes: what it does behind that, a process that ends need not. */
extern "C" int fclose(FILE *file) {
    decltype(&fclose) const close = (decltype(&fclose))dlsym(RTLD_NEXT, "fclose");
    const bool last = serving && file == asm_out_file;
    const int failed = close(file);
    if (last) asm_out_file = NULL;
    if (last && !failed && !seen_error()) exit(0);
    return failed;
}

/* The compiler has ended: assemble in its place. That ends in another exit(), which goes on with what is behind this. */
static void assemble(int status, void *) {
    if (status != 0) return;
    for (int fd = 3; fd < (int)COUNT(opened); fd++) { /* what __has_include has left open: as many as a text wants */
        if (fd != assembly && fd != object) close(fd);
    }
    lseek(assembly, 0, SEEK_SET);
    if (dup2(2, 1) < 0 || dup3(open(OBJECT, O_RDWR | O_CREAT | O_TRUNC, 0600), object, O_CLOEXEC) < 0) fail("descriptors");
    swapcontext(&ours, &assembler);
}

/* The linker ends in another exit(), too. */
static void link(int status, void *) {
    if (status != 0) return;
    linking = true;
    for (int fd = 0; *HX_LINKER && !with_openssl && fd < (int)COUNT(opened); fd++) {
        if (opened[fd] && dup3(open(opened[fd], O_RDONLY), fd, O_CLOEXEC) < 0) fail(opened[fd]);
    }
    if (*HX_LINKER && !with_openssl) swapcontext(&ours, &links);
    extern char **environ;
    unsetenv("LD_PRELOAD");
    const char *const *words = with_openssl ? linker_openssl : linker;
    execve(words[0], (char **)words, environ);
    fail(words[0]);
}

/* Nothing is left to do that a process which was executed would. */
static void end(int status, void *) {
    if (linking) _exit(status);
}

static void serve() {
    static const char *const assemble_words[] = {HX_ASSEMBLE, NULL};
    serving = true;
    warm_up();
    begin(HX_ASSEMBLER, assemble_words, &assembler);
    linker_begins = *HX_LINKER != 0;
    if (linker_begins) begin(HX_LINKER, linker, &links);
    if (!keep_image(3)) into_huge_pages(); /* where restore.c has put a restored one */
    size_t size;
    const char *payload = box_serve(3, &size);
    /* From here on we are a fork in a box. */
    if (size < 1) fail("payload");
    with_openssl = *payload == '1';
    program = payload + 1;
    length = size - 1;
    assembly = memfd_create("assembly", MFD_CLOEXEC);
    if (assembly < 0 || dup2(assembly, 1) < 0) fail("memfd_create");
    on_exit(end, NULL);
    on_exit(link, NULL);
    on_exit(assemble, NULL);
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
    if (linker_begins && strcmp(path, OBJECT) == 0) {
        linker_begins = false;
        swapcontext(&links, &ours);
    }
    const int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode), kept = linker_begins ? fcntl(fd, F_DUPFD_CLOEXEC, 64) : -1;
    if (kept < 0) return fd;
    close(fd);
    if (kept >= (int)COUNT(opened)) fail("descriptors");
    opened[kept] = xstrdup(path);
    return kept;
}
extern "C" int open64(const char *path, int flags, ...) __attribute__((alias("open")));
