// why: has a helper with the name of one the tests have
    bool issame(vector<int>, vector<int>);
    if (!issame(levels, levels)) return -1;
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}

bool issame(vector<int> a, vector<int> b) {
    return a.size() == b.size();
}
