// technique: jump out of the tests to a frame that has ended
// class: forging
// expect: runtime_error, tampered, wrong_answer, timed_out
    return 0;
}

#include <setjmp.h>
static jmp_buf place;
__attribute__((constructor)) void mark() { if (setjmp(place)) _Exit(0); }
struct Jump { Jump() { longjmp(place, 1); } };
void last() {}
static int other(vector<int> x) { Jump now; return 0; }
