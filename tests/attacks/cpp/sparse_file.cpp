// technique: a file that says it is huge
// class: exhausting
// expect: output_exceeded, runtime_error, wrong_answer
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
#include <fcntl.h>
void attack() { int fd = open("sparse", O_CREAT | O_RDWR, 0666); if (ftruncate(fd, 1LL << 40)) {} if (pwrite(fd, "x", 1, 1LL << 39)) {} }
