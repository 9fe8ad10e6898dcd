// why: specialises templates of the library for int, which the compile server has instantiated
    int other(const vector<int>&);
    return other(levels);
}
namespace std {
template <> const int& max<int>(const int& a, const int& b) { return a < b ? b : a; }
template <> void swap<int>(int& a, int& b) noexcept { int c = a; a = b; b = c; }
}
int other(const vector<int>& levels) {
    int turns = 0, before = 0, now = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        if (levels[i] == levels[i - 1]) continue;
        now = levels[i] == max(levels[i], levels[i - 1]) ? 1 : -1;
        turns += before != 0 && now != before;
        swap(before, now);
    }
    return turns;
}
