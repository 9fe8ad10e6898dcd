// why: has a class with operators, also ==
    bool rises(const vector<int>&, size_t, int&);
@loop@
    return turns;
}

struct Level {
    int height;
    bool operator==(const Level& other) const { return height == other.height; }
    bool operator<(const Level& other) const { return height < other.height; }
};
bool operator!=(const Level& a, const Level& b) { return !(a == b); }
bool same(vector<Level> a, vector<Level> b) { return a == b; }
