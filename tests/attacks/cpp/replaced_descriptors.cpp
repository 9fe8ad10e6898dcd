// technique: every descriptor replaced by /dev/null
// class: forging
// expect: runtime_error, tampered
    void attack();
    attack();
    return 0;
}

#include <fcntl.h>
#include <unistd.h>
void attack() { int null = open("/dev/null", O_RDWR); for (int fd = 0; fd < 256; fd++) dup2(null, fd); }
