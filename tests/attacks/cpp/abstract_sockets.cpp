// technique: sockets of the host without a file
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <sys/socket.h>
#include <sys/un.h>
#include <fstream>
#include <string.h>
void attack() {
    ifstream names("/proc/net/unix");
    cout << names.rdbuf() << endl;
    for (const char* name : {"/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket"}) {
        sockaddr_un to = {};
        to.sun_family = AF_UNIX;
        strcpy(to.sun_path, name);
        if (connect(socket(AF_UNIX, SOCK_STREAM, 0), (sockaddr*)&to, sizeof to) == 0) abort();
    }
}
