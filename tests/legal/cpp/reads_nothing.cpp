// why: reads from its empty standard input
    int nothing;
    if (cin >> nothing) return -1;
@loop@
    return turns;
}
