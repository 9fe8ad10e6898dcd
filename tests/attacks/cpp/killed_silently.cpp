// technique: die by SIGKILL without output
// class: forging
// expect: runtime_error
    void attack();
    attack();
    return 0;
}

#include <signal.h>
void attack() { raise(SIGKILL); }
