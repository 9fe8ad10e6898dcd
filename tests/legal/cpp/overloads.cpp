// why: overloads the tested function for another type
    int tide_turns(const vector<int>&, int);
    return tide_turns(levels, 0);
}
int tide_turns(const vector<int>& levels, int) {
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}
