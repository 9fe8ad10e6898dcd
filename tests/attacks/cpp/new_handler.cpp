// technique: a handler of failed allocations that leaves, and no memory left for the tests
// class: forging
// expect: tampered, memory_exceeded, wrong_answer, runtime_error
    void attack();
    attack();
    return 0;
}

#include <new>
#include <sys/resource.h>
void attack() {
    set_new_handler([] { _Exit(0); });
    rlimit none = {1, 1};
    setrlimit(RLIMIT_AS, &none);
    setrlimit(RLIMIT_DATA, &none);
}
