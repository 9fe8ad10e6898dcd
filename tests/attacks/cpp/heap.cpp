// technique: memory by new
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=200 cpu_s=5 wall_s=20
    vector<string> kept;
    for (;;) kept.push_back(string(10000000, 'x'));
}
