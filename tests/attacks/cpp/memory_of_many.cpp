// technique: memory in many processes, each below the limit
// class: exhausting
// expect: memory_exceeded, timed_out, runtime_error, wrong_answer
// limits: memory_mib=200 cpu_s=2 wall_s=5
    void attack();
    attack();
    return 0;
}

#include <string.h>
#include <unistd.h>
void attack() {
    for (int i = 0; i < 30; i++) fork();
    for (;;) { memset(malloc(1 << 20), 1, 1 << 20); usleep(1000); }
}
