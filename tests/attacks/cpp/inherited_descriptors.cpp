// technique: every descriptor that is open
// class: escaping
// expect: wrong_answer, tampered
    void attack();
    attack();
    return 0;
}

#include <stdio.h>
#include <unistd.h>
void attack() {
    char got[4096];
    for (int fd = 5; fd < 1024; fd++) {
        long n = pread(fd, got, sizeof got, 0);
        if (n > 0) fwrite(got, 1, n, stdout);
    }
}
