// why: handles a fault of its own and goes on
    int other(const vector<int>&);
    return other(levels);
}
#include <setjmp.h>
#include <signal.h>
static sigjmp_buf back;
static void handle(int) { siglongjmp(back, 1); }
int other(const vector<int>& levels) {
    if (signal(SIGSEGV, handle) == SIG_ERR || signal(SIGFPE, handle) == SIG_ERR) return -1;
    if (sigsetjmp(back, 1) == 0) return *(volatile int*)8;
@loop@
    return turns;
}
