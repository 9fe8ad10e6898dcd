// why: has variables with names of the C library
    int read[9], link = 3, index = 4; double y1 = 2, abort = 3;
    read[0] = link + index + (int)y1 + (int)abort;
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}
int write_ = 1;
void last() {}
