// technique: exit_group by a bare system call
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

#include <sys/syscall.h>
#include <unistd.h>
void attack() { syscall(SYS_exit_group, 0); }
