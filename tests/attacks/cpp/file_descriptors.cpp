// technique: descriptors without end
// class: exhausting
// expect: wrong_answer
// limits: cpu_s=1 wall_s=3
    while (fopen("one", "w")) {}
    return 0;
}
