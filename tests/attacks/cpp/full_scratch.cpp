// technique: many files, until the scratch area is full
// class: exhausting
// expect: wrong_answer, output_exceeded, timed_out, memory_exceeded
// limits: cpu_s=5 wall_s=20
    static char block[1 << 20];
    for (int i = 0; i < 2000; i++) {
        FILE* file = fopen(("file" + to_string(i)).c_str(), "w");
        if (!file || fwrite(block, 1, sizeof block, file) != sizeof block) break;
        fclose(file);
    }
    return 0;
}
