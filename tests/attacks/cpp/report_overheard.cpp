// technique: the report's descriptor is a pipe of its own, standard output is locked: a thread reads the token of "wrong", says "done" and leaves
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
    return -99;
}

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
static int both[2], report = -1;
static void* listen_(void*) {
    flockfile(stdout);  // the check flushes it before it leaves
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
    pthread_t thread;
    pthread_create(&thread, 0, listen_, 0);
    usleep(20000);
}
void last() {}
