// technique: ptrace and the memory of other processes
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
void attack() {
    char taken[64];
    iovec here = {taken, sizeof taken}, there = {(void*)0x400000, sizeof taken};
    for (int pid = 1; pid < 400; pid++) {
        if (ptrace(PTRACE_ATTACH, pid, 0, 0) == 0) puts("canary: attached");
        if (process_vm_readv(pid, &here, 1, &there, 1, 0) > 0) puts("canary: read");
        if (syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, pid, 0), 0, 0) >= 0) puts("canary: taken");
    }
}
