// why: specialises std::hash for a type of its own
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}

#include <unordered_set>
struct Level { int height; bool operator==(const Level& o) const { return height == o.height; } };
namespace std { template<> struct hash<Level> { size_t operator()(const Level& l) const { return l.height; } }; }
size_t distinct(const vector<Level>& all) { return unordered_set<Level>(all.begin(), all.end()).size(); }
