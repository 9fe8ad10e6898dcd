// technique: ignore every signal and loop
// class: exhausting
// expect: timed_out
// limits: cpu_s=0.5 wall_s=5
    void attack();
    attack();
    return 0;
}

#include <signal.h>
void attack() { for (int s = 1; s < 64; s++) signal(s, SIG_IGN); for (volatile int i = 0;; i = i + 1) {} }
