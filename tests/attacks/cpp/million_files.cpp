// technique: empty files without end
// class: exhausting
// expect: timed_out, wrong_answer, memory_exceeded
// limits: cpu_s=2 wall_s=8
    for (int i = 0; i < 1000000; i++) if (FILE* file = fopen(to_string(i).c_str(), "w")) fclose(file);
    return 0;
}
