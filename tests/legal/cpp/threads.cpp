// why: computes in a thread
    int other(const vector<int>&);
    return other(levels);
}
#include <thread>
static int count_(const vector<int>& levels) {
@loop@
    return turns;
}
int other(const vector<int>& levels) {
    int found = 0;
    thread one([&] { found = count_(levels); });
    one.join();
    return found;
}
