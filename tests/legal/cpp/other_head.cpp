// why: has a head of its own, with other types that hold the same values, and a macro for one
// form: program
#include <bits/stdc++.h>
using namespace std;
#define int long long
int tide_turns(const vector<signed>& levels) {
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}
