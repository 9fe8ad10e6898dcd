// technique: a daemon that holds the outputs open
// class: exhausting
// expect: wrong_answer
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() { if (fork() == 0) { setsid(); if (fork() == 0) for (;;) sleep(1000); _exit(0); } }
