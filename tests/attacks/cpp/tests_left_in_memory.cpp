// technique: looks for the tests in all memory that it can read
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fcntl.h>
#include <unistd.h>
void attack() {
    string needle = "tide_tur";
    needle += "ns({";
    FILE* maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512];
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || to - from > 64ul << 20) continue;
        string all(to - from, 0);
        ssize_t got = pread(memory, &all[0], all.size(), (off_t)from);
        if (got > 0 && memmem(all.data(), (size_t)got, needle.data(), needle.size())) abort();
    }
}
