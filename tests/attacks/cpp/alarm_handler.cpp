// technique: a timer whose handler exits with status 0 while the tests wait
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

#include <signal.h>
#include <unistd.h>
void attack() { signal(SIGALRM, [](int) { _Exit(0); }); ualarm(1000, 0); for (;;) pause(); }
