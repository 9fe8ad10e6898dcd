// technique: processes without end
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded, wrong_answer
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}
#include <unistd.h>
void attack() { for (;;) fork(); }
