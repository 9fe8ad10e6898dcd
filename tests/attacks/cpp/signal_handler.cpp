// technique: a crash whose handler exits with status 0
// class: forging
// expect: tampered, runtime_error
    void attack();
    attack();
    return 0;
}

#include <signal.h>
void attack() { signal(SIGSEGV, [](int) { _Exit(0); }); *(volatile int*)8 = 1; }
