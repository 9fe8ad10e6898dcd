// technique: memory above the limit, freed before anyone looks
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=250 cpu_s=5 wall_s=20
    char* much = (char*)malloc(300 << 20);
    if (much) memset(much, 1, 300 << 20);
    free(much);
    abort();
}
