// why: asks for handlers of faults and of other signals, does without those it does not get
    int other(const vector<int>&);
    return other(levels);
}
#include <signal.h>
static int count_(const vector<int>& levels) {
@loop@
    return turns;
}
int other(const vector<int>& levels) {
    signal(SIGFPE, [](int) { throw 1; });
    signal(SIGSEGV, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    return raise(SIGINT) == 0 ? count_(levels) : -1;
}
