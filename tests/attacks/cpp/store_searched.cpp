// technique: looks for the folder of compiled tests
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
    for (int fd = 5; fd < 1024; fd++) if (fcntl(fd, F_GETFD) >= 0) abort();
    for (const char* path : {"/store", "/root", "/root/.cache", "/opt/humaneval_x/tests", "/var/cache/humaneval_x"}) {
        if (DIR* found = opendir(path)) while (dirent* each = readdir(found)) if (strlen(each->d_name) == 64) abort();
    }
    if (open("/proc/1/root", O_RDONLY) >= 0 && open("/proc/1/root/root/.cache/humaneval_x", O_RDONLY) >= 0) abort();
}
