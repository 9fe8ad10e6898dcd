// technique: sleep without end
// class: exhausting
// expect: timed_out
// limits: wall_s=1
    void attack();
    attack();
    return 0;
}
#include <unistd.h>
void attack() { for (;;) sleep(1000); }
