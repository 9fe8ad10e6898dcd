// why: uses assert itself, and includes its header
    if (levels.size() > 1000) abort();
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}
#include <assert.h>
void checked(int x) { assert(x > 0); }
