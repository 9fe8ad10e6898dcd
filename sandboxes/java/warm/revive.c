/* A process that has threads forks with them: what a virtual machine needs, which does nothing without its own.
 *
 * Before the fork every other thread waits in a signal handler, having noted where it stands (`hold_threads`). A fork has
 * their memory, stacks and thread-local storage, but not the threads: `revive_threads` starts each anew, under its own
 * identity, where it stands; it returns from the handler into whatever it was doing, which sees an interrupted wait at most.
 * So nothing is in a state in which it could not have been without the fork, whatever lock a thread holds. Only a thread's
 * number is another; where the C library keeps it, the kernel is to write it anew (gVisor does not say where that is).
 *
 * The box closes all files and resets the signals' handlers (box.c). Handlers are put back; what the process reads of named
 * files is opened again.
 */
#include <sched.h>

enum { MOST_THREADS = 64, MOST_FILES = 64, HOLD_S = 10, START_BYTES = 4096, HOLD = 40 /* a signal that nobody uses */ };

static struct {
    void *place[5], *identity; /* of __builtin_setjmp; its thread-local storage */
    int *number;
} held[MOST_THREADS];
static int held_count, waiting_count;
static struct sigaction handlers[NSIG];
static sigset_t mask;
static char *files[MOST_FILES]; /* their names, by descriptor */

static void hold(int signal) {
    const int its = __atomic_fetch_add(&held_count, 1, __ATOMIC_SEQ_CST), before = errno;
    (void)signal;
    if (its >= MOST_THREADS) _exit(124);
    prctl(PR_GET_TID_ADDRESS, &held[its].number, 0, 0, 0);
    held[its].identity = (void *)thread_pointer();
    if (__builtin_setjmp(held[its].place) == 0) {
        __atomic_fetch_add(&waiting_count, 1, __ATOMIC_SEQ_CST);
        for (;;) pause();
    }
    errno = before;
}

static void note_files(void) {
    for (int fd = BOX_FDS; fd < MOST_FILES; fd++) {
        char link[64], name[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, name, sizeof name - 1);
        if (length > 0 && name[0] == '/') files[fd] = strndup(name, (size_t)length);
    }
}

/* Stop every thread but ours, for good. They sleep by then: one that held malloc's lock would keep us from it too. */
static void hold_threads(void) {
    struct sigaction action = {.sa_handler = hold, .sa_flags = SA_RESTART};
    const pid_t process = getpid(), ours = (pid_t)syscall(SYS_gettid);
    for (int ms = 0; ms < START_MS && !threads_sleep(); ms++) usleep(1000);
    note_files();
    sigfillset(&action.sa_mask);
    sigaction(HOLD, &action, NULL);
    DIR *tasks = opendir("/proc/self/task");
    for (int ms = 0, asked = 0, found = 1; found || waiting_count < asked; ms++, usleep(1000)) {
        static pid_t known[MOST_THREADS];
        struct dirent *task;
        if (!tasks || ms > HOLD_S * 1000) _exit(124);
        rewinddir(tasks);
        for (found = 0; (task = readdir(tasks));) {
            const pid_t id = atoi(task->d_name);
            int at = 0;
            while (at < asked && known[at] != id) at++;
            if (id <= 0 || id == ours || at < asked) continue;
            if (asked == MOST_THREADS || syscall(SYS_tgkill, process, id, HOLD) != 0) _exit(124);
            known[asked++] = id;
            found = 1;
        }
    }
    closedir(tasks);
    sigaction(HOLD, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    for (int s = 1; s < NSIG; s++) sigaction(s, NULL, handlers + s);
    sigprocmask(SIG_SETMASK, NULL, &mask);
}

static int stand(void *its) {
    __builtin_longjmp(its, 1);
}

/* In a fork: let them go on. */
static void revive_threads(void) {
    const int shared = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS;
    static char starts[MOST_THREADS][START_BYTES] __attribute__((aligned(16)));
    for (int s = 1; s < NSIG; s++) sigaction(s, handlers + s, NULL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    for (int fd = 0; fd < MOST_FILES; fd++) {
        const int again = files[fd] ? open(files[fd], O_RDONLY | O_CLOEXEC) : fd;
        if (again != fd && (again < 0 || dup3(again, fd, O_CLOEXEC) < 0 || close(again) != 0)) _exit(124);
    }
    for (int i = 0; i < held_count; i++) {
        const int flags = shared | (held[i].number ? CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID : 0);
        if (clone(stand, starts[i + 1], flags, held[i].place, held[i].number, held[i].identity, held[i].number) < 0) _exit(124);
    }
}
