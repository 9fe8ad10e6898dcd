// why: defines macros, some with names of functions
#define int long long
#define FOR(i, n) for (size_t i = 1; i < (n); i++)
#define max(a, b) ((a) > (b) ? (a) : (b))
    int turns = 0, trend = 0;
    FOR(i, levels.size()) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = max(now, now);
    }
#undef int
    return (int)turns;
}
