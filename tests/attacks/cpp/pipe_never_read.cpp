// technique: does not read what it is asked
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=1
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() { for (;;) pause(); }
