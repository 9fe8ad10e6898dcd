// technique: ends with status 0 when the last answer is given
// class: forging
// expect: wrong_answer
    static int calls = 0;
    if (++calls == 14) atexit([] { _Exit(0); });
    return levels.size() == 5 ? 2 : 0;
}
