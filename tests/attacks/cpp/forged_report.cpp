// technique: a report with an invented token on every descriptor
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() {
    const char text[] = "00000000000000000000000000000000 done checks=14 failures=0 \n";
    for (int fd = 0; fd < 256; fd++) if (write(fd, text, sizeof text - 1)) {}
    _exit(0);
}
