/* The box: where one untrusted program (or one compiler reading untrusted text) runs inside a jail.
 *
 * What it does: forks the calling process into a fresh process tree with its own limits, descriptors 0-4,
 * working directory, system-call filter and no privilege. The caller is either the agent (box_spawn, then
 * exec) or a warm "fork server" (box_serve) that has loaded something trusted and expensive beforehand.
 * What it does not do: network, file-system view, memory and process totals of the whole jail; those are
 * the jail's (Docker or bubblewrap), outside.
 *
 * Three ways to hold a program, the first two chosen by who the agent is:
 *   uid        the agent is root inside the jail: the program becomes another user, and the whole tree is
 *              killed with one kill(-1) as that user, which no fork bomb outruns.
 *   namespace  the agent is nobody special: the program gets new user, PID, mount and IPC namespaces; when
 *              the first process of the PID namespace dies, the kernel kills the rest.
 *   bare       no jail was asked for: the program stays the user it is.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Keep in step with `BoxSpec` in records.py. Every field is eight bytes, so that no padding is in question. */
struct box {
    int64_t mode;          /* enum mode */
    int64_t uid;           /* user and group of the program (mode uid) */
    int64_t cpu_s;         /* RLIMIT_CPU, a backstop behind the agent's own accounting */
    int64_t address_bytes; /* RLIMIT_AS, 0 for none (the JVM, Node and Go reserve far more than they use) */
    int64_t file_bytes;    /* RLIMIT_FSIZE */
    int64_t processes;     /* RLIMIT_NPROC */
    int64_t open_files;    /* RLIMIT_NOFILE */
    int64_t stack_bytes;   /* RLIMIT_STACK */
    int64_t made;          /* whether the file to execute was made from a program's text: it is no tool of ours */
    char directory[256];
};

enum mode { UID, NAMESPACE, BARE };
enum { START_MS = 5000 }; /* how long a server waits for its own threads to sleep */
enum { HUGE_PAGE = 2 << 20 };
enum { BOX_FDS = 6 }; /* stdin, stdout, stderr, two that INTERFACE.md names for each process, status */

/* Where a box that cannot be set up says so; the program never holds it, so it cannot be imitated. */
static int fault_fd = -1;

/* Whether this process has the system-call filter already: a fork has its server's. Only a fork server sets it: what
 * `box_spawn` starts has the agent's memory until it is another program. */
static int filtered;

/* A program that has no name: the file is executed by its descriptor, which nobody else has. */
static int program_fd = -1;

static void die(const char *what) {
    dprintf(fault_fd, "!%s: %s", what, strerror(errno));
    _exit(125);
}

static void close_from(int first) {
    if (syscall(SYS_close_range, first, ~0u, 0) != 0) {
        for (int fd = first; fd < 4096; fd++) close(fd);
    }
}

static void limit(int which, int64_t value) {
    struct rlimit now = {(rlim_t)value, (rlim_t)value}, old;
    if (getrlimit(which, &old) == 0 && old.rlim_max < now.rlim_max) now.rlim_cur = now.rlim_max = old.rlim_max;
    if (setrlimit(which, &now) != 0) die("setrlimit");
}

/* What a program may not ask of the kernel. System calls that no honest solution needs and that reach past the process:
 * other processes' memory, objects that outlive it (System V IPC, POSIX queues, keyrings), new namespaces, attack surface;
 * and past the jail, by the files that jails share: watches on them, leases, locks. */
static const int refused[] = {
    SYS_seccomp, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semop, SYS_semctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv,
    SYS_mq_open, SYS_mq_unlink,
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsmount, SYS_fsconfig,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_acct, SYS_quotactl, SYS_syslog, SYS_vhangup,
    SYS_inotify_add_watch, SYS_fanotify_init,
    /* A file that is sent and never received outlives every process that could be killed for it. */
    SYS_sendmsg, SYS_sendmmsg,
};

/* Answered with success and not done: they write to the host's disks, or drop what it has read, for everyone. A
 * program's own files are in memory, where there is nothing to do. */
static const int answered[] = {
    SYS_sync, SYS_syncfs, SYS_fsync, SYS_fdatasync, SYS_sync_file_range, SYS_fadvise64,
};

/* Older headers do not know these: of prctl, and of fcntl. */
enum { SET_SYSCALL_USER_DISPATCH = 59, SET_RW_HINT = 1036, SET_FILE_RW_HINT = 1038 };
#define NEW_NAMESPACES \
    (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)
#define ALLOW SECCOMP_RET_ALLOW
#define FAIL(error) (SECCOMP_RET_ERRNO | (error)) /* 0: success */
#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
#error "box.c knows x86_64 and aarch64; add AUDIT_ARCH of this machine"
#endif

/* The answer to a call where the low half of one argument passes a test. The first rule that fits decides. */
struct rule {
    int call;
    enum { ANY, IS, HAS } test; /* whatever it is; equal to `value`; with a bit of it */
    uint32_t value, answer;
    int argument;
};

static const struct rule by_argument[] = {
    /* Its flags are behind a pointer: say it does not exist, the C library then uses clone. */
    {SYS_clone3, ANY, 0, FAIL(ENOSYS), 0},
    {SYS_clone, HAS, NEW_NAMESPACES, FAIL(EPERM), 0},
    /* A network namespace does not hold every family: AF_VSOCK reaches the host from any. */
    {SYS_socket, IS, AF_UNIX, ALLOW, 0},
    {SYS_socket, ANY, 0, FAIL(EAFNOSUPPORT), 0},
    {SYS_socketpair, IS, AF_UNIX, ALLOW, 0},
    {SYS_socketpair, ANY, 0, FAIL(EAFNOSUPPORT), 0},
    /* Whoever may read a file may lock it, and every jail reads the same ones. */
    {SYS_flock, ANY, 0, FAIL(ENOLCK), 0},
    {SYS_fcntl, IS, F_GETLK, FAIL(ENOLCK), 1},
    {SYS_fcntl, IS, F_SETLK, FAIL(ENOLCK), 1},
    {SYS_fcntl, IS, F_SETLKW, FAIL(ENOLCK), 1},
    {SYS_fcntl, IS, F_OFD_GETLK, FAIL(ENOLCK), 1},
    {SYS_fcntl, IS, F_OFD_SETLK, FAIL(ENOLCK), 1},
    {SYS_fcntl, IS, F_OFD_SETLKW, FAIL(ENOLCK), 1},
    {SYS_fcntl, IS, F_SETLEASE, FAIL(EPERM), 1},
    {SYS_fcntl, IS, F_NOTIFY, FAIL(EPERM), 1},
    /* Hints that stay with a file that every jail reads: older kernels do not know them. */
    {SYS_fcntl, IS, SET_RW_HINT, FAIL(EINVAL), 1},
    {SYS_fcntl, IS, SET_FILE_RW_HINT, FAIL(EINVAL), 1},
    /* A program that takes its limit of 1 back has a core dump piped to the host's collector, outside the jail. */
    {SYS_setrlimit, IS, RLIMIT_CORE, FAIL(EPERM), 0},
    {SYS_prlimit64, IS, RLIMIT_CORE, FAIL(EPERM), 1},
    /* A filter of the program's own, or system calls handed to a handler of its own: attack surface too. */
    {SYS_prctl, IS, PR_SET_SECCOMP, FAIL(EPERM), 0},
    {SYS_prctl, IS, SET_SYSCALL_USER_DISPATCH, FAIL(EPERM), 0},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define JUMP(condition, value, yes, no) BPF_JUMP(BPF_JMP | (condition) | BPF_K, (uint32_t)(value), yes, no)
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, value)

/* A filter that is being written. Between rules the number of the system call is loaded. */
struct filter {
    struct sock_filter code[512];
    unsigned short length;
};

static void emit(struct filter *filter, const struct sock_filter *code, size_t count) {
    if (filter->length + count > COUNT(filter->code)) die("system-call filter");
    memcpy(filter->code + filter->length, code, count * sizeof *code);
    filter->length += (unsigned short)count;
}

static void add_rule(struct filter *filter, const struct rule *rule) {
    if (rule->test == ANY) {
        const struct sock_filter code[] = {JUMP(BPF_JEQ, rule->call, 0, 1), ANSWER(rule->answer)};
        emit(filter, code, COUNT(code));
        return;
    }
    const uint32_t argument = (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)rule->argument);
    const struct sock_filter code[] = {
        JUMP(BPF_JEQ, rule->call, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument),
        JUMP(rule->test == IS ? BPF_JEQ : BPF_JSET, rule->value, 0, 1),
        ANSWER(rule->answer),
        LOAD(nr),
    };
    emit(filter, code, COUNT(code));
}

static void add_calls(struct filter *filter, const int *calls, size_t count, uint32_t answer) {
    for (size_t i = 0; i < count; i++) {
        const struct rule rule = {calls[i], ANY, 0, answer, 0};
        add_rule(filter, &rule);
    }
}

/* Returns what failed, or nothing. */
static const char *filter_system_calls(void) {
    struct filter filter = {.length = 0};
    const struct sock_filter first[] = {
        LOAD(arch),
        JUMP(BPF_JEQ, THIS_ARCH, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
#if defined(__x86_64__)
        JUMP(BPF_JGE, 0x40000000u, 0, 1), /* x32 numbers */
        ANSWER(FAIL(ENOSYS)),
#endif
    };
    const struct sock_filter last[] = {ANSWER(ALLOW)};
    emit(&filter, first, COUNT(first));
    add_calls(&filter, refused, COUNT(refused), FAIL(EPERM));
    add_calls(&filter, answered, COUNT(answered), FAIL(0));
    for (size_t i = 0; i < COUNT(by_argument); i++) add_rule(&filter, by_argument + i);
    emit(&filter, last, COUNT(last));
    limit(RLIMIT_CORE, 1); /* no file, and no core dump piped to the host's collector either, for which 0 is no limit */
    struct sock_fprog program = {filter.length, filter.code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs";
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return "seccomp";
    return NULL;
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) die(path);
    close(fd);
}

/* When the jail runs out of memory the program goes first, never the agent. It cannot take that back: the agent has
 * CAP_SYS_RESOURCE, or a /proc of its own, or the program's becomes read-only. */
static void go_first(void) {
    int oom = open("/run/agent/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (oom < 0) oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (oom < 0) return;
    if (write(oom, "1000", 4) != 4) die("oom_score_adj");
    close(oom);
}

/* The program process: everything that is done between the fork and the program's first instruction. */
static void settle(const struct box *box, int *fds) {
    /* Lift the six descriptors out of the way, then put them where the program expects them. The last one, for
     * faults, stays behind them until the program begins. */
    int high[BOX_FDS];
    for (int i = 0; i < BOX_FDS; i++) {
        high[i] = fcntl(fds[i], F_DUPFD, 64);
        if (high[i] < 0) die("descriptors");
    }
    if (program_fd >= 0 && (program_fd = fcntl(program_fd, F_DUPFD, 64)) < 0) die("descriptors");
    for (int i = 0; i < BOX_FDS - 1; i++) {
        if (dup2(high[i], i) < 0) die("descriptors");
    }
    if (dup3(high[BOX_FDS - 1], BOX_FDS - 1, O_CLOEXEC) < 0) die("descriptors");
    fault_fd = BOX_FDS - 1;
    if (program_fd >= 0) {
        if (dup3(program_fd, BOX_FDS, O_CLOEXEC) < 0) die("descriptors");
        program_fd = BOX_FDS;
    }
    close_from(program_fd < 0 ? BOX_FDS : BOX_FDS + 1);
    setsid();
    umask(022);
    go_first();
    if (box->mode == UID) {
        /* Bare system calls: the C library's own wait for the server's other threads, which a fork does not have. */
        const long id = box->uid;
        if (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setresgid, id, id, id) != 0) die("setgid");
        if (syscall(SYS_setresuid, id, id, id) != 0) die("setuid");
    }
    if (box->mode != BARE && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) die("ambient");
    /* A new user namespace gives every capability within it. */
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none_of[2] = {{0, 0, 0}, {0, 0, 0}};
    if (box->mode != BARE && syscall(SYS_capset, &header, none_of) != 0) die("capset");
    limit(RLIMIT_CPU, box->cpu_s);
    if (box->address_bytes) limit(RLIMIT_AS, box->address_bytes);
    limit(RLIMIT_FSIZE, box->file_bytes);
    /* Without walls the count would be of everything its user runs. */
    if (box->mode != BARE) limit(RLIMIT_NPROC, box->processes);
    limit(RLIMIT_NOFILE, box->open_files);
    limit(RLIMIT_STACK, box->stack_bytes);
    limit(RLIMIT_MEMLOCK, 0);
    limit(RLIMIT_MSGQUEUE, 0);
    if (chdir(box->directory) != 0) die(box->directory);
    for (int s = 1; s < NSIG; s++) signal(s, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    const char *const failed = filtered ? NULL : filter_system_calls();
    if (failed) die(failed);
    if (write(fault_fd, "+", 1) != 1) _exit(125); /* the agent: what happens from here on is the program's doing */
}

/* First process of a fresh PID namespace: waits for the program, ends everything, tells its wait status. Both waits end:
 * the agent kills us when the program's time is over, and nothing outlives our kill. */
static void be_init(pid_t program, int status_fd) {
    int status = 0, its = -1;
    pid_t pid;
    while ((pid = wait(&status)) > 0 || errno == EINTR) {
        if (pid == program) {
            its = status;
            break;
        }
    }
    kill(-1, SIGKILL);
    while (wait(&status) > 0 || errno == EINTR) {}
    if (write(status_fd, &its, sizeof its) != (ssize_t)sizeof its) _exit(126);
    _exit(0);
}

/* Fork without the C library: its fork() takes locks (malloc's among them) that another thread of a server may hold. */
static pid_t bare_fork(long flags) {
    /* The C library keeps the thread's id in memory; its own fork() has the kernel renew it there, so do we. */
    int *tid = NULL;
    flags |= SIGCHLD;
    if (prctl(PR_GET_TID_ADDRESS, &tid, 0, 0, 0) == 0 && tid) flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
#if defined(__x86_64__)
    return (pid_t)syscall(SYS_clone, flags, 0, 0, tid, 0);
#else
    return (pid_t)syscall(SYS_clone, flags, 0, 0, 0, tid);
#endif
}

/* Makes a mount read-only in this mount namespace; -1 where it is none. What else it forbids stays so. */
static int read_only(const char *path) {
    struct statvfs now;
    if (statvfs(path, &now) != 0) return -1;
    const unsigned long kept = now.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC); /* ST_NOSUID and so on have these values */
    return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, NULL);
}

/* Leaves a program nothing to write to but its own folder. The one above it belongs to the same user as the program and
 * outlives it: its rights, times and attributes would be there for the next one, and in the agent's way. */
static void close_around(const char *folder) {
    struct statvfs now;
    if (statvfs(folder, &now) == 0 && now.f_flag & ST_RDONLY) return; /* what is no program's */
    const char *const end = strrchr(folder, '/');
    char above[sizeof((struct box *)0)->directory] = "/";
    if (end > folder) memcpy(above, folder, (size_t)(end - folder));
    if (mount(folder, folder, NULL, MS_BIND, NULL) != 0) die(folder);
    if (read_only(above) == 0) return;
    if (mount(above, above, NULL, MS_BIND | MS_REC, NULL) != 0 || read_only(above) != 0) die(above);
}

static void enter_namespaces(const struct box *box, int *fds) {
    char map[64];
    unsigned uid = geteuid(), gid = getegid();
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* else /proc/self is root's, whatever we are: the agent is not dumpable */
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC) != 0) die("unshare");
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", gid, gid);
    write_file("/proc/self/gid_map", map);
    snprintf(map, sizeof map, "%u %u 1", uid, uid);
    write_file("/proc/self/uid_map", map);
    pid_t init = bare_fork(0);
    if (init < 0) die("fork");
    if (init > 0) {
        close_from(0); /* then waits for init, which ends with its program */
        while (waitpid(init, NULL, 0) < 0 && errno == EINTR) {}
        _exit(0);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) die("private mounts");
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) die("mount /proc");
    go_first(); /* now, and for good: what nobody special said, the program could take back */
    if (read_only("/proc") != 0) die("read-only /proc");
    close_around(box->directory);
    pid_t program = bare_fork(0);
    if (program < 0) die("fork");
    if (program > 0) {
        int status_fd = fds[BOX_FDS - 1] == 0 ? 0 : dup2(fds[BOX_FDS - 1], 0);
        close_from(1);
        be_init(program, status_fd);
    }
}

/* What a process that was just forked does to be a program. */
static void enter(const struct box *box, int *fds) {
    fault_fd = fds[BOX_FDS - 1];
    if (box->mode == NAMESPACE) enter_namespaces(box, fds);
    settle(box, fds);
}

/* Whether a file cannot be executed for what it is, and not for what the machine lacks at the moment. */
static int is_its_own_fault(int error) {
    return error != ENOMEM && error != EAGAIN && error != ENFILE && error != EMFILE && error != ETXTBSY && error != E2BIG;
}

/* Start a program by exec: argv[0], or the file `program` where that is not negative. Returns its process id, or -1. */
pid_t box_spawn(const struct box *box, int *fds, char *const argv[], char *const envp[], int program) {
    program_fd = program;
    /* Where no namespace is entered the caller's memory is shared until the exec, and not copied: that costs more than all
     * the rest. What is set up meanwhile belongs to the process, and what is written is written anew by the next start. */
    pid_t pid = box->mode == NAMESPACE ? bare_fork(0) : vfork();
    if (pid != 0) return pid;
    enter(box, fds);
    if (program_fd >= 0) syscall(SYS_execveat, program_fd, "", argv, envp, AT_EMPTY_PATH);
    else execve(argv[0], argv, envp);
    if (!box->made || !is_its_own_fault(errno)) die(argv[0]);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
    return -1;
}

/* Whether every thread but ours sleeps. */
static int threads_sleep(void) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int all = tasks != NULL;
    while (all && (task = readdir(tasks))) {
        char path[64], text[256];
        long tid = atol(task->d_name);
        if (tid <= 0 || tid == syscall(SYS_gettid)) continue;
        snprintf(path, sizeof path, "/proc/self/task/%ld/stat", tid);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
        if (fd >= 0) close(fd);
        text[got > 0 ? got : 0] = 0;
        const char *state = strrchr(text, ')');
        all = state && state[1] == ' ' && state[2] == 'S';
    }
    if (tasks) closedir(tasks);
    return all;
}

/* Receive one request: a struct box, six descriptors, a payload (malloc'ed) and its length. Ends with the agent. */
char *box_take(int socket_fd, struct box *box, int *fds, size_t *length) {
    struct {
        struct box box;
        int64_t length;
    } head;
    char control[CMSG_SPACE(BOX_FDS * sizeof *fds)];
    struct iovec part = {&head, sizeof head};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t got;
    while ((got = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL)) < 0 && errno == EINTR) {}
    if (got != (ssize_t)sizeof head) _exit(0);
    struct cmsghdr *attached = CMSG_FIRSTHDR(&message);
    if (!attached || attached->cmsg_len != CMSG_LEN(BOX_FDS * sizeof *fds)) _exit(124);
    memcpy(fds, CMSG_DATA(attached), BOX_FDS * sizeof *fds);
    char *payload = malloc((size_t)head.length + 1);
    if (!payload) _exit(124);
    for (int64_t have = 0; have < head.length;) {
        got = read(socket_fd, payload + have, (size_t)(head.length - have));
        if (got <= 0) _exit(0);
        have += got;
    }
    payload[head.length] = 0;
    *box = head.box;
    *length = (size_t)head.length;
    return payload;
}

/* The loop of a fork server. For each request (a struct box, six descriptors, a payload) it forks, answers
 * the child's process id, and goes on; it returns only in the child, already in its box, with the payload
 * (malloc'ed) and its length. The children are given to the server's own parent, the agent, which waits for them.
 * The server ends when the agent closes the socket. */
char *box_serve(int socket_fd, size_t *length) {
    /* A thread that is still starting may hold a lock, malloc's for one, that nobody would open in a fork. */
    for (int ms = 0; ms < START_MS && !threads_sleep(); ms++) usleep(1000);
    for (;;) {
        struct box box;
        int fds[BOX_FDS];
        char *payload = box_take(socket_fd, &box, fds, length);
        /* A fork that has namespaces to enter must not have it yet. Where it cannot be loaded, the fork says so. */
        if (!filtered && box.mode == UID) filtered = filter_system_calls() == NULL;
        pid_t pid = bare_fork(CLONE_PARENT);
        if (pid == 0) {
            enter(&box, fds);
            close(fault_fd);
            return payload;
        }
        explicit_bzero(payload, *length); /* the next fork gets this memory: nothing of one program in it */
        free(payload);
        for (int i = 0; i < BOX_FDS; i++) close(fds[i]);
        int32_t answer = pid < 0 ? -errno : pid;
        if (write(socket_fd, &answer, sizeof answer) != (ssize_t)sizeof answer) _exit(0);
    }
}

/* Puts a range that is only read into memory of the process's own, in huge pages. Where it cannot be, it stays as it is. */
static void into_huge_pages(uintptr_t begin, size_t length) {
    const size_t size = length + HUGE_PAGE;
    char *const space = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (space == MAP_FAILED) return;
    char *const copy = (char *)(((uintptr_t)space + HUGE_PAGE - 1) & -(uintptr_t)HUGE_PAGE);
    madvise(copy, length, MADV_HUGEPAGE);
    memcpy(copy, (void *)begin, length);
    __builtin___clear_cache(copy, copy + length);
    if (mprotect(copy, length, PROT_READ | PROT_EXEC) == 0)
        mremap(copy, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, begin);
    munmap(space, size);
}

/* Puts the code and constants of the file that is mapped at an address into huge pages, as far as they fill some: a fork
 * finds them mapped, while of a file it has nothing at first and pays for every few pages that it comes to. */
void box_settle_code(const void *within) {
    const uintptr_t at = (uintptr_t)within;
    uintptr_t begin = 0, end = 0, from, to;
    unsigned long file, its = 0;
    char line[4096], can[5];
    FILE *const maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx %4s %*x %*s %lu", &from, &to, can, &file) != 4) continue;
        const int read_only = file != 0 && can[0] == 'r' && can[1] == '-' && can[3] == 'p';
        if (!read_only || from != end || file != its) { /* another file, or another part of it */
            if (begin <= at && at < end) break;
            begin = end = from;
            its = file;
        }
        if (read_only) end = to;
    }
    if (maps) fclose(maps);
    if (at < begin || at >= end) return;
    begin = (begin + HUGE_PAGE - 1) & -(uintptr_t)HUGE_PAGE;
    end &= -(uintptr_t)HUGE_PAGE;
    if (begin < end) into_huge_pages(begin, end - begin);
}

/* `box_serve` for an interpreter: returns what `make` makes of the payload, an object of its own. */
void *box_serve_object(int socket_fd, void *(*make)(const char *, ssize_t)) {
    size_t length;
    const char *payload = box_serve(socket_fd, &length);
    return make(payload, (ssize_t)length);
}

/* Mode uid: kill every process of `uid`, in one step. The killer keeps `bystander` as its real and saved
 * user, a user nobody else has, so that what it kills cannot kill it first. Returns 0 when it has run. vfork and bare system calls: the
 * agent's memory is not copied, and the C library does not notice the change of user. */
int box_kill_user(int64_t uid, int64_t bystander) {
    pid_t pid = vfork();
    if (pid < 0) return -1;
    if (pid == 0) {
        if (syscall(SYS_setresuid, (uid_t)bystander, (uid_t)uid, (uid_t)bystander) != 0) _exit(2);
        _exit(kill(-1, SIGKILL) == 0 || errno == ESRCH ? 0 : 2);
    }
    int status; /* the killer makes two system calls and ends: there is nothing to wait long for */
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return status == 0 ? 0 : -1;
}
