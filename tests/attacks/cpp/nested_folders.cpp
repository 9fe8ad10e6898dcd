// technique: ten thousand folders, one in the other
// class: exhausting
// expect: wrong_answer, timed_out
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}

#include <sys/stat.h>
#include <unistd.h>
void attack() { for (int i = 0; i < 10000; i++) { mkdir("d", 0777); if (chdir("d")) break; } }
