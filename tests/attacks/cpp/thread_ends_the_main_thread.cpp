// technique: end only the thread that runs the tests
// class: forging
// expect: tampered, runtime_error
    void attack();
    attack();
    return 0;
}

#include <pthread.h>
void attack() { pthread_exit(0); }
