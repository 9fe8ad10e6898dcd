/* The native half of the Node fork server: fork, count, report, exit.
 *
 * `serve` blocks in cell_serve (cell.c) and returns only in a fork, inside its cell. What it repairs there:
 * V8 marks its heap MADV_DONTFORK, libuv's descriptors are closed by the cell, and every thread but one is gone.
 * The fork therefore never goes through Node's own shutdown (it would wait for those threads): a libuv
 * prepare handle sees the event loop run dry, writes the report and calls _exit.
 *
 * The token and the counts live here, never in a JavaScript value. Native code could read them: Node runs with this
 * library preloaded (see steps.py), so that its own `dlopen` is the one below, which loads nothing in a fork.
 *
 * Node-API and libuv are declared by hand, so that no headers of Node are needed; both are stable ABIs.
 */
#include "../cell.c"

#include <dlfcn.h>
#include <stdbool.h>
#include <sys/mman.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
extern int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern int napi_set_named_property(napi_env, napi_value, const char *, napi_value);
extern int napi_create_string_utf8(napi_env, const char *, size_t, napi_value *);
extern int napi_create_int32(napi_env, int32_t, napi_value *);
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_value_int32(napi_env, napi_value, int32_t *);
extern int napi_get_value_bool(napi_env, napi_value, bool *);
extern int napi_get_value_string_utf8(napi_env, napi_value, char *, size_t, size_t *);
extern int napi_get_uv_event_loop(napi_env, void **);

enum { UV_IDLE = 6, UV_PREPARE = 9 }; /* uv_handle_type */
extern int uv_loop_fork(void *);
extern int uv_loop_alive(const void *);
extern size_t uv_handle_size(int);
extern int uv_prepare_init(void *, void *), uv_prepare_start(void *, void (*)(void *));
extern int uv_idle_init(void *, void *), uv_idle_start(void *, void (*)(void *)), uv_idle_stop(void *);
extern void uv_ref(void *), uv_unref(void *);

enum { REPORT_FD = 4, HIGHEST_FD = 256, QUIET_TURNS = 3 };
static char token[33], other_token[33]; /* see verdict.py */
static int checks, failures, tests_done, in_fork;
static void *loop, *prepare, *idle;
static int lock_pipe[2] = {-1, -1}; /* libuv's lock around signal handling, see remember_descriptors */
static char was_open[HIGHEST_FD], was_event[HIGHEST_FD];

void *dlopen(const char *name, int how) {
    void *(*real)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    return real(in_fork ? "/nonexistent/refused.node" : name, how);
}

/* A program that catches a failing report on a descriptor of its own learns nothing that makes another of it. */
static _Noreturn void finish(const char *event, const char *detail) {
    char line[2048], count[64];
    if (failures && strcmp(event, "done") == 0) {
        snprintf(count, sizeof count, "%d of %d checks failed", failures, checks);
        event = "wrong", detail = count;
    }
    const bool well = strcmp(event, "done") == 0;
    if (!well) explicit_bzero(token, sizeof token);
    int n = snprintf(line, sizeof line, "%s %s checks=%d failures=%d %.1500s", well ? token : other_token, event, checks, failures, detail);
    for (int i = 0; i < n; i++) {
        if (line[i] == '\n' || line[i] == '\r' || line[i] == 0) line[i] = ' ';
    }
    line[n++] = '\n';
    _exit(write(REPORT_FD, line, (size_t)n) == n && well ? 0 : 1);
}

static void turn(void *unused) { (void)unused; }

/* Runs before each wait of the event loop. Nothing left but ourselves, for a few turns (so that tasks which
 * V8 posted to the main thread get theirs): the program is over. */
static void before_waiting(void *unused) {
    static int quiet;
    (void)unused;
    uv_unref(prepare);
    int alive = uv_loop_alive(loop);
    uv_ref(prepare);
    if (alive) {
        quiet = 0;
        uv_idle_stop(idle);
    } else if (++quiet < QUIET_TURNS) {
        uv_idle_start(idle, turn);
    } else if (tests_done) {
        finish("done", "");
    } else {
        finish("error", "the event loop ended before the tests did");
    }
}

/* The cell closes every descriptor of the server. Note which numbers libuv knows, and which two are the
 * blocking pipe that is its process-wide signal lock: its own fork handler would renew it, but the cell forks
 * by a bare system call, which runs no handlers. */
static void remember_descriptors(void) {
    ino_t reader = 0;
    for (int fd = REPORT_FD + 1; fd < HIGHEST_FD; fd++) {
        struct stat about;
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0) continue;
        was_open[fd] = 1;
        char path[32], target[32] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        was_event[fd] = readlink(path, target, sizeof target - 1) > 0 && strcmp(target, "anon_inode:[eventfd]") == 0;
        if (fstat(fd, &about) != 0 || !S_ISFIFO(about.st_mode) || (flags & O_NONBLOCK)) continue;
        if ((flags & O_ACCMODE) == O_RDONLY && lock_pipe[0] < 0) {
            reader = about.st_ino;
            lock_pipe[0] = fd;
        } else if ((flags & O_ACCMODE) == O_WRONLY && about.st_ino == reader && lock_pipe[1] < 0) {
            lock_pipe[1] = fd;
        }
    }
}

/* Give libuv fresh descriptors, under numbers that collide with none it is about to close. */
static void renew_descriptors(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), fresh[2];
    if (null < 0 || pipe2(fresh, O_CLOEXEC) != 0 || write(fresh[1], "*", 1) != 1) die("descriptors");
    int base = HIGHEST_FD - 8;
    int high[3] = {fcntl(null, F_DUPFD_CLOEXEC, base), fcntl(fresh[0], F_DUPFD_CLOEXEC, base),
                   fcntl(fresh[1], F_DUPFD_CLOEXEC, base)};
    close(null), close(fresh[0]), close(fresh[1]);
    struct stat placeholder, now;
    if (high[2] < 0 || fstat(high[0], &placeholder) != 0) die("descriptors");
    for (int fd = REPORT_FD + 1; fd < base; fd++) {
        if (was_open[fd] && dup3(high[0], fd, O_CLOEXEC) < 0) die("descriptors");
    }
    for (int i = 0; i < 2; i++) {
        if (lock_pipe[i] >= 0 && dup3(high[i + 1], lock_pipe[i], O_CLOEXEC) < 0) die("descriptors");
    }
    for (int i = 0; i < 3; i++) close(high[i]);
    if (uv_loop_fork(loop) != 0) die("uv_loop_fork");
    for (int fd = REPORT_FD + 1; fd < base; fd++) {
        /* Loops of threads that are gone are still woken, as V8's for delayed tasks: a write that fails aborts. */
        if (was_event[fd]) continue;
        if (was_open[fd] && fstat(fd, &now) == 0 && now.st_rdev == placeholder.st_rdev && S_ISCHR(now.st_mode)) close(fd);
    }
}

/* V8 asks that a fork shall not have its heap; a fork server needs just that. Special mappings refuse. */
static void let_memory_fork(void) {
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512];
    unsigned long from, to;
    if (!maps) die("/proc/self/maps");
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx", &from, &to) == 2) madvise((void *)from, to - from, MADV_DOFORK);
    }
    fclose(maps);
}

/* serve() -> payload */
static napi_value serve(napi_env env, napi_callback_info info) {
    size_t length;
    napi_value text = NULL;
    (void)info;
    napi_get_uv_event_loop(env, &loop);
    remember_descriptors();
    let_memory_fork();
    unsetenv("LD_PRELOAD");
    char *payload = cell_serve(3, &length);
    in_fork = 1;
    if (read(3, token, 32) != 32 || read(3, other_token, 32) != 32) die("token");
    close(3);
    fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* closes /proc/self/mem to a program that is not root */
    renew_descriptors();
    prepare = calloc(1, uv_handle_size(UV_PREPARE));
    idle = calloc(1, uv_handle_size(UV_IDLE));
    uv_prepare_init(loop, prepare);
    uv_prepare_start(prepare, before_waiting);
    uv_idle_init(loop, idle);
    uv_unref(idle);
    napi_create_string_utf8(env, payload, length, &text);
    explicit_bzero(payload, length); /* the tests are in it */
    free(payload);
    return text;
}

/* check(holds) counts one check of the tests. */
static napi_value check(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given[1];
    bool holds = false;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_value_bool(env, given[0], &holds);
    checks++;
    if (!holds) failures++;
    return NULL;
}

/* done(): the last line of the tests was reached. The report waits for the event loop to run dry. */
static napi_value done(napi_env env, napi_callback_info info) {
    (void)env, (void)info;
    tests_done = 1;
    return NULL;
}

/* fail(event, detail): report and end at once. */
static napi_value fail(napi_env env, napi_callback_info info) {
    size_t count = 2, length;
    napi_value given[2];
    char event[16] = "error", detail[1501] = "";
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_value_string_utf8(env, given[0], event, sizeof event, &length);
    napi_get_value_string_utf8(env, given[1], detail, sizeof detail, &length);
    finish(event, detail);
}

/* exit(status): the end of a process.exit, without a report. */
static napi_value leave(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given[1];
    int32_t status = 1;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_value_int32(env, given[0], &status);
    _exit(status);
}

/* pid(): Node keeps the server's. */
static napi_value pid(napi_env env, napi_callback_info info) {
    napi_value number = NULL;
    (void)info;
    napi_create_int32(env, getpid(), &number);
    return number;
}

/* replace(from, to): make descriptor `to` what `from` is; from -1, a fresh pipe. Lets the server open its stdout
 * as the pipe that it will be in a fork. */
static napi_value replace(napi_env env, napi_callback_info info) {
    size_t count = 2;
    napi_value given[2];
    int32_t from, to;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_value_int32(env, given[0], &from);
    napi_get_value_int32(env, given[1], &to);
    if (from < 0) {
        static int both[2];
        if (pipe2(both, O_CLOEXEC) != 0) die("pipe");
        from = both[1];
    }
    if (dup2(from, to) < 0) die("dup2");
    return NULL;
}

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
    static int loaded;
    static const struct {
        const char *name;
        napi_callback call;
    } all[] = {{"serve", serve}, {"check", check}, {"done", done}, {"fail", fail}, {"exit", leave}, {"pid", pid}, {"replace", replace}};
    if (loaded++) return NULL; /* once, for server.js; nobody else gets a second copy of these functions */
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        napi_value function;
        napi_create_function(env, all[i].name, strlen(all[i].name), all[i].call, NULL, &function);
        napi_set_named_property(env, exports, all[i].name, function);
    }
    return exports;
}
