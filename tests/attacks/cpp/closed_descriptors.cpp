// technique: every descriptor closed before the first check fails
// class: forging
// expect: runtime_error, tampered
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() { for (int fd = 0; fd < 256; fd++) close(fd); }
