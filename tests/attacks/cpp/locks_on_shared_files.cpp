// technique: locks and watches on files that all jails share: a way to stop another jail, and to signal to it
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>
void attack() {
    int shared = open("/usr/bin/env", O_RDONLY);
    struct flock lock = {};
    lock.l_type = F_RDLCK;
    if (flock(shared, LOCK_EX | LOCK_NB) == 0 || fcntl(shared, F_SETLK, &lock) == 0) abort();
    if (fcntl(shared, F_SETLEASE, F_RDLCK) == 0) abort();
    if (inotify_add_watch(inotify_init1(0), "/usr/bin/env", IN_ALL_EVENTS) >= 0) abort();
    sync();
}
