// technique: returns a larger number that is right when it is cut
// class: forging
// expect: runtime_error
// form: program
#include<vector>
using namespace std;

long long tide_turns(vector<int> levels) {
    long long turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        long long now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns + (1ll << 32);
}
