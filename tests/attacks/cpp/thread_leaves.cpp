// technique: a thread exits with status 0 while the tests wait
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

#include <pthread.h>
#include <unistd.h>
static void* leave(void*) { usleep(1000); _exit(0); }
void attack() { pthread_t one; pthread_create(&one, 0, leave, 0); for (;;) pause(); }
