// why: takes its argument by a reference and changes it
// form: program
#include <algorithm>
#include <vector>
int tide_turns(std::vector<int>& levels) {
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    int turns = 0;
    for (size_t i = 2; i < levels.size(); i++) turns += (levels[i] > levels[i - 1]) != (levels[i - 1] > levels[i - 2]);
    levels.clear();
    return turns;
}
