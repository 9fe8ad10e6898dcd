// technique: one file without end
// class: exhausting
// expect: output_exceeded, wrong_answer, runtime_error
// limits: cpu_s=5 wall_s=20
    FILE* file = fopen("huge", "w");
    static char block[1 << 16];
    while (fwrite(block, 1, sizeof block, file)) {}
    return 0;
}
