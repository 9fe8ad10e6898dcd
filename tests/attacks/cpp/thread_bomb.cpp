// technique: threads without end
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded, wrong_answer
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}

#include <pthread.h>
#include <unistd.h>
static void* wait_(void*) { for (;;) pause(); }
void attack() { pthread_t one; for (;;) pthread_create(&one, 0, wait_, 0); }
