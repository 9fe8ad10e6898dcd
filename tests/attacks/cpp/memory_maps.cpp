// technique: memory by mmap, touched
// class: exhausting
// expect: memory_exceeded, runtime_error
// limits: memory_mib=200 cpu_s=5 wall_s=20
    void attack();
    attack();
    return 0;
}

#include <sys/mman.h>
#include <string.h>
void attack() {
    for (;;) memset(mmap(0, 1 << 24, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, 1 << 24);
}
