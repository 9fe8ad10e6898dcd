// technique: signals, slows and limits every other process
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
void attack() {
    DIR* all = opendir("/proc");
    while (dirent* each = all ? readdir(all) : nullptr) {
        int pid = atoi(each->d_name);
        if (pid <= 1 || pid == getpid() || pid == getppid()) continue;
        rlimit none = {0, 0};
        cpu_set_t where;
        CPU_ZERO(&where);
        CPU_SET(0, &where);
        if (kill(pid, SIGSTOP) == 0 || prlimit(pid, RLIMIT_CPU, &none, nullptr) == 0) abort();
        if (sched_setaffinity(pid, sizeof where, &where) == 0 || setpriority(PRIO_PROCESS, pid, 19) == 0) abort();
    }
}
