// technique: stop oneself
// class: exhausting
// expect: timed_out
// limits: wall_s=1
    void attack();
    attack();
    return 0;
}
#include <signal.h>
void attack() { raise(SIGSTOP); }
