// technique: the processor's trap flag: a handler sees each instruction of the tests and makes every check's argument true
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out, compile_error
    void attack();
    attack();
    return -99;
}

#include <dlfcn.h>
#include <signal.h>
#include <sys/auxv.h>
#include <ucontext.h>
static unsigned long from, runner;
static void trap(int, siginfo_t*, void* context) {
    static bool was;
    greg_t* r = ((ucontext_t*)context)->uc_mcontext.gregs;
    unsigned long rip = r[REG_RIP];
    if (was && rip - runner < 0x8000) r[REG_RDI] = 1;  // the tests called the check
    was = rip - from < 0x40000;
}
void attack() {
    if (from) return;
    Dl_info info;
    dladdr((void*)getauxval(AT_ENTRY), &info);
    runner = (unsigned long)info.dli_fbase;
    dladdr(__builtin_return_address(1), &info);
    from = (unsigned long)info.dli_fbase;
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = trap;
    sigaction(SIGTRAP, &action, 0);
    asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
}
