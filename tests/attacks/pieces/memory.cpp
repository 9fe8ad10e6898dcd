template<class Found> static void search(Found found) {
    FILE* maps = fopen("/proc/self/maps", "r");
    static char line[512];
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || !strstr(line, " r") || strstr(line, "[v")) continue;
        found((const char*)from, (const char*)to);
    }
}
