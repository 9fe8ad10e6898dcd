// why: seeds and draws random numbers between the tests' own
    srand(1);
    for (int i = rand() % 5; i >= 0; i--) rand();
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}
