// technique: SIGKILL and SIGSTOP to every process there is
// class: escaping
// expect: runtime_error, wrong_answer, tampered
    void attack();
    attack();
    return 0;
}

#include <signal.h>
#include <unistd.h>
void attack() {
    for (int pid = 1; pid < 5000; pid++) if (pid != getpid()) { kill(pid, SIGSTOP); kill(pid, SIGKILL); }
    kill(-1, SIGKILL);
}
