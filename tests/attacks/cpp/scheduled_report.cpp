// technique: as report_overheard without a lock: the main thread is made idle on the same processor, so that the listener goes first
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
    return -99;
}

#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>
static int both[2], report = -1;
static void* listen_(void*) {
    sched_param none = {};
    sched_setscheduler(getpid(), SCHED_IDLE, &none);
    char line[2048] = {};
    if (read(both[0], line, sizeof line - 1) < 32) return 0;
    string done = string(line, 32) + " done checks=14 failures=0 \n";
    write(report, done.data(), done.size());
    _exit(0);
}
__attribute__((constructor)) static void start() {
    struct stat is;
    int fd = 5;
    while (fd < 256 && (fstat(fd, &is) || !S_ISFIFO(is.st_mode))) fd++;
    report = dup(fd);
    if (pipe(both)) return;
    dup2(both[1], fd);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    pthread_t thread;
    pthread_create(&thread, 0, listen_, 0);
    usleep(20000);
}
void last() {}
