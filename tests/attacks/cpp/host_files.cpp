// technique: files of the host, read while it runs
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fstream>
void attack() {
    for (const char* path : {@FILES@, "/etc/shadow", "/etc/hostname", "/root/.ssh/id_rsa", "/var/run/docker.sock", "/proc/kcore"}) {
        ifstream file(path);
        cout << path << file.rdbuf() << endl;
    }
}
