/* The native half of the Node fork server: fork, notice the end of the event loop, end.
 *
 * `serve` blocks in box_serve (box.c) and returns only in a fork, inside its box. What it repairs there:
 * V8 marks its heap MADV_DONTFORK, libuv's descriptors are closed by the box, and every thread but one is gone.
 * The fork therefore never goes through Node's own shutdown (it would wait for those threads): a libuv
 * prepare handle sees the event loop run dry and calls back, and `exit` is _exit.
 *
 * Node-API and libuv are declared by hand, so that no headers of Node are needed; both are stable ABIs.
 */
#include "../box.c"

#include <stdbool.h>
#include <sys/mman.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef struct napi_ref__ *napi_ref;
typedef struct napi_handle_scope__ *napi_handle_scope;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
extern int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
extern int napi_set_named_property(napi_env, napi_value, const char *, napi_value);
extern int napi_create_string_utf8(napi_env, const char *, size_t, napi_value *);
extern int napi_create_int32(napi_env, int32_t, napi_value *);
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_value_int32(napi_env, napi_value, int32_t *);
extern int napi_set_element(napi_env, napi_value, uint32_t, napi_value);
extern int napi_get_global(napi_env, napi_value *);
extern int napi_call_function(napi_env, napi_value, napi_value, size_t, const napi_value *, napi_value *);
extern int napi_create_reference(napi_env, napi_value, uint32_t, napi_ref *);
extern int napi_get_reference_value(napi_env, napi_ref, napi_value *);
extern int napi_open_handle_scope(napi_env, napi_handle_scope *);
extern int napi_get_uv_event_loop(napi_env, void **);

enum { UV_IDLE = 6, UV_PREPARE = 9 }; /* uv_handle_type */
extern int uv_loop_fork(void *);
extern int uv_loop_alive(const void *);
extern size_t uv_handle_size(int);
extern int uv_prepare_init(void *, void *), uv_prepare_start(void *, void (*)(void *));
extern int uv_idle_init(void *, void *), uv_idle_start(void *, void (*)(void *)), uv_idle_stop(void *);
extern void uv_ref(void *), uv_unref(void *);

enum { REPORT_FD = 4, HIGHEST_FD = 256, QUIET_TURNS = 3 };
static napi_env environment;
static napi_ref at_end; /* called when the event loop has run dry; it does not return */
static void *loop, *prepare, *idle;
static int lock_pipe[2] = {-1, -1}; /* libuv's lock around signal handling, see remember_descriptors */
static char was_open[HIGHEST_FD], was_event[HIGHEST_FD];

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
    } else {
        napi_handle_scope scope;
        napi_value global, call, unused_result;
        napi_open_handle_scope(environment, &scope);
        napi_get_global(environment, &global);
        napi_get_reference_value(environment, at_end, &call);
        napi_call_function(environment, global, call, 0, NULL, &unused_result);
        _exit(125);
    }
}

/* The box closes every descriptor of the server. Note which numbers libuv knows, and which two are the
 * blocking pipe that is its process-wide signal lock: its own fork handler would renew it, but the box forks
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
    char *payload = box_serve(3, &length);
    fcntl(REPORT_FD - 1, F_SETFD, FD_CLOEXEC); /* what the program starts has no part in its conversation */
    fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC);
    renew_descriptors();
    prepare = calloc(1, uv_handle_size(UV_PREPARE));
    idle = calloc(1, uv_handle_size(UV_IDLE));
    uv_prepare_init(loop, prepare);
    uv_prepare_start(prepare, before_waiting);
    uv_idle_init(loop, idle);
    uv_unref(idle);
    napi_create_string_utf8(env, payload, length, &text);
    free(payload);
    return text;
}

/* take(fds) -> payload: the next job of a service, which runs it itself; its descriptors go into the array. */
static napi_value take(napi_env env, napi_callback_info info) {
    size_t count = 1, length;
    napi_value given[1], text = NULL, number;
    struct box box;
    int fds[BOX_FDS];
    const int32_t taken = 0;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    char *payload = box_take(3, &box, fds, &length);
    if (write(3, &taken, sizeof taken) != (ssize_t)sizeof taken) _exit(0);
    for (uint32_t i = 0; i < BOX_FDS; i++) {
        napi_create_int32(env, fds[i], &number);
        napi_set_element(env, given[0], i, number);
    }
    napi_create_string_utf8(env, payload, length, &text);
    free(payload);
    return text;
}

/* pipe(ends): the two ends of a new pipe go into the array. */
static napi_value make_pipe(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given[1], number;
    int ends[2];
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    if (pipe2(ends, O_CLOEXEC) != 0) die("pipe");
    for (uint32_t i = 0; i < 2; i++) {
        napi_create_int32(env, ends[i], &number);
        napi_set_element(env, given[0], i, number);
    }
    return NULL;
}

/* atEnd(call) */
static napi_value set_at_end(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given[1];
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_create_reference(env, given[0], 1, &at_end);
    environment = env;
    return NULL;
}

/* exit(status) */
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

/* lift(fd): another number for a descriptor, out of the way. */
static napi_value lift(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value given[1], number = NULL;
    int32_t fd;
    napi_get_cb_info(env, info, &count, given, NULL, NULL);
    napi_get_value_int32(env, given[0], &fd);
    napi_create_int32(env, fcntl(fd, F_DUPFD_CLOEXEC, HIGHEST_FD - 40), &number);
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
    } all[] = {{"serve", serve}, {"take", take}, {"pipe", make_pipe}, {"atEnd", set_at_end}, {"exit", leave}, {"pid", pid}, {"lift", lift}, {"replace", replace}};
    if (loaded++) return NULL; /* once, for server.js; nobody else gets a second copy of these functions */
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        napi_value function;
        napi_create_function(env, all[i].name, strlen(all[i].name), all[i].call, NULL, &function);
        napi_set_named_property(env, exports, all[i].name, function);
    }
    return exports;
}
