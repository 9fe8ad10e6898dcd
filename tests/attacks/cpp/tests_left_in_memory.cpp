// technique: looks for the text of a check in all memory that it can read
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

template<class Found> static void search(Found found) {
    FILE* maps = fopen("/proc/self/maps", "r");
    static char line[512];
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || !strstr(line, " r") || strstr(line, "[v")) continue;
        found((const char*)from, (const char*)to);
    }
}
void attack() {
    search([](const char* at, const char* end) {
        static const char changed[] = "ujef`uvsot)|"; // each letter one further, so that it is not found itself
        for (; at < end - 12; at++) {
            int same = 0;
            while (same < 12 && at[same] + 1 == changed[same]) same++;
            if (same == 12) abort();
        }
    });
}
