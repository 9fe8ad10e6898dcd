// technique: looks for a process whose memory or descriptors can be opened
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>
void attack() {
    DIR* all = opendir("/proc");
    while (dirent* each = all ? readdir(all) : nullptr) {
        int pid = atoi(each->d_name);
        if (pid <= 0 || pid == getpid()) continue;
        string folder = string("/proc/") + each->d_name;
        char one;
        int fd = open((folder + "/mem").c_str(), O_RDONLY);
        if (fd >= 0 && pread(fd, &one, 1, 0x400000) == 1) abort();
        if ((fd = open((folder + "/environ").c_str(), O_RDONLY)) >= 0 && read(fd, &one, 1) == 1 && pid != getppid()) abort();
        for (int n = 0; n < 16; n++) {
            if (open((folder + "/fd/" + to_string(n)).c_str(), O_RDONLY) >= 0) abort();
        }
    }
}
