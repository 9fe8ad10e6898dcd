// technique: looks for 64 hexadecimal digits, two tokens, in all memory
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fcntl.h>
#include <unistd.h>
void attack() {
    FILE* maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512];
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 || to - from > 64ul << 20) continue;
        string all(to - from, 0);
        ssize_t got = pread(memory, &all[0], all.size(), (off_t)from);
        int digits = 0;
        for (ssize_t i = 0; i < got; i++) {
            digits = isxdigit((unsigned char)all[i]) && !isupper((unsigned char)all[i]) ? digits + 1 : 0;
            if (digits == 64) abort();
        }
    }
}
