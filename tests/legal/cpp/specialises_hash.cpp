// why: specialises std::hash for a type of its own
@loop@
    return turns;
}

#include <unordered_set>
struct Level { int height; bool operator==(const Level& o) const { return height == o.height; } };
namespace std { template<> struct hash<Level> { size_t operator()(const Level& l) const { return l.height; } }; }
size_t distinct(const vector<Level>& all) { return unordered_set<Level>(all.begin(), all.end()).size(); }
