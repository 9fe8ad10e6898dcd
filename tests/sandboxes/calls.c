/* Run in a box by test_box.py: prints each thing that it could do and that a program must not be able to. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sched.h>
#include <linux/seccomp.h>
#include <unistd.h>

static void could(int it, const char *what, int number) {
    if (it) printf("%s %d\n", what, number);
}

int main(void) {
    signal(SIGIO, SIG_IGN); /* what a notification would send */
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};
    int shared = open("/usr/bin/env", O_RDONLY), pair[2];
    for (int family = 0; family < 64; family++) {
        for (int i = 0; i < 4; i++) {
            if (family != AF_UNIX) could(socket(family, types[i], 0) >= 0, "socket of family", family);
            if (family != AF_UNIX) could(socketpair(family, types[i], 0, pair) == 0, "socket pair of family", family);
        }
    }
    could(socket(AF_UNIX, SOCK_STREAM, 0) < 0, "no socket of family", AF_UNIX); /* programs need these */
    could(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0, "no socket pair of family", AF_UNIX);
    struct mmsghdr one = {.msg_hdr = {.msg_iov = &(struct iovec){"x", 1}, .msg_iovlen = 1}};
    could(sendmsg(pair[0], &one.msg_hdr, 0) == 1, "sendmsg", 0); /* with which files are sent */
    could(sendmmsg(pair[0], &one, 1, 0) == 1, "sendmmsg", 0);
    could(send(pair[0], "x", 1, 0) != 1, "no send", 0);
    could(flock(shared, LOCK_EX | LOCK_NB) == 0, "flock", 0);
    static const int locks[] = {F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW};
    for (int i = 0; i < 6; i++) {
        struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
        could(fcntl(shared, locks[i], &lock) == 0, "lock by fcntl", locks[i]);
    }
    could(fcntl(shared, F_SETLEASE, F_RDLCK) == 0, "lease", 0);
    could(fcntl(open("/usr/bin", O_RDONLY | O_DIRECTORY), F_NOTIFY, DN_ACCESS) == 0, "notification", 0);
    uint64_t hint = 0; /* RWH_WRITE_LIFE_NOT_SET */
    could(fcntl(shared, 1036, &hint) == 0, "hint of a file", 1036);
    could(fcntl(shared, 1038, &hint) == 0, "hint of a file", 1038);
    could(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0, "limit of core dumps", 0);
    could(inotify_add_watch(inotify_init1(0), "/usr/bin", IN_ALL_EVENTS) >= 0, "watch", 0);
    could(fanotify_init(0, 0) >= 0, "fanotify", 0);
    /* The kernel would say that the descriptor is none: a success is the filter's, which did nothing. */
    could(syncfs(-1) != 0, "syncfs reached the kernel", 0);
    could(fsync(-1) != 0, "fsync reached the kernel", 0);
    could(fdatasync(-1) != 0, "fdatasync reached the kernel", 0);
    could(sync_file_range(-1, 0, 1, SYNC_FILE_RANGE_WRITE) != 0, "sync_file_range reached the kernel", 0);
    could(posix_fadvise(-1, 0, 0, POSIX_FADV_DONTNEED) != 0, "fadvise reached the kernel", 0);
    sync();
    could(unshare(CLONE_NEWUSER) == 0, "unshare", 0);
    could(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) == 0 || errno != EPERM, "a filter of its own", 0);
    long pid = syscall(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0, 0);
    if (pid == 0) _exit(0);
    could(pid > 0, "clone with a namespace", 0);
    pid = fork();
    if (pid == 0) _exit(7);
    int status = 0;
    could(pid < 0 || waitpid((pid_t)pid, &status, 0) != pid || WEXITSTATUS(status) != 7, "no fork", 0);
    return 0;
}
