// technique: die by SIGPIPE, which tools take for a normal end
// class: forging
// expect: runtime_error
    void attack();
    attack();
    return 0;
}

#include <signal.h>
void attack() { raise(SIGPIPE); }
