// why: forty threads at once, each of which allocates
    int other(const vector<int>&);
    return other(levels);
}
#include <thread>
static int count_(const vector<int>& levels) {
@loop@
    return turns;
}
int other(const vector<int>& levels) {
    vector<int> found(40, -1);
    vector<thread> all;
    for (int& each : found) all.emplace_back([&] { each = count_(vector<int>(levels)) + (int)string(99, 'a').size() - 99; });
    for (thread& each : all) each.join();
    return *min_element(found.begin(), found.end());
}
