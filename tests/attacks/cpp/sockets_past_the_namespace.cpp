// technique: sockets of families that a network namespace does not hold, or that reach the kernel
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <stdlib.h>
#include <sys/socket.h>
void attack() {
    for (int family = 2; family < 64; family++) {  // 40 is AF_VSOCK: to the host, from any namespace
        for (int kind : {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET}) {
            if (socket(family, kind, 0) >= 0) abort();
        }
    }
}
