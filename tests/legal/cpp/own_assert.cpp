// why: uses assert itself, and includes its header
    if (levels.size() > 1000) abort();
@loop@
    return turns;
}
#include <assert.h>
void checked(int x) { assert(x > 0); }
