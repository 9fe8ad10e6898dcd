// why: has a class with operators, also ==
    bool rises(const vector<int>&, size_t, int&);
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}

struct Level {
    int height;
    bool operator==(const Level& other) const { return height == other.height; }
    bool operator<(const Level& other) const { return height < other.height; }
};
bool operator!=(const Level& a, const Level& b) { return !(a == b); }
bool same(vector<Level> a, vector<Level> b) { return a == b; }
