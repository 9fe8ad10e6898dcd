// technique: the unit included again from inside
// class: forging
// expect: compile_error
    return 0;
}
#ifndef AGAIN
#define AGAIN
#include __BASE_FILE__
#endif
void last() {}
