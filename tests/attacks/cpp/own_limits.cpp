// technique: processor time spread over children that end
// class: exhausting
// expect: timed_out, wrong_answer
// limits: cpu_s=1 wall_s=10
    void attack();
    attack();
    return 0;
}

#include <sys/wait.h>
#include <unistd.h>
void attack() {
    for (;;) {
        if (fork() == 0) { for (volatile long i = 0; i < 50000000; i = i + 1) {} _exit(0); }
        wait(0);
    }
}
