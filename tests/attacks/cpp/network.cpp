// technique: the network and the host's own port
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>
void attack() {
    for (const char* address : {"127.0.0.1", "172.17.0.1", "10.0.2.2", "192.168.65.2", "8.8.8.8"}) {
        sockaddr_in to = {};
        to.sin_family = AF_INET;
        to.sin_port = htons(@PORT@);
        to.sin_addr.s_addr = inet_addr(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(fd, (sockaddr*)&to, sizeof to) == 0) puts("connected");
        int datagram = socket(AF_INET, SOCK_DGRAM, 0);
        if (sendto(datagram, "x", 1, 0, (sockaddr*)&to, sizeof to) == 1) puts("sent");
    }
    usleep(50000);
}
