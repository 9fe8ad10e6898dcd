// technique: users, namespaces, mounts and capabilities
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
void attack() {
    if (setuid(0) == 0 || setgid(0) == 0 || seteuid(1) == 0) abort();
    if (unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWNET) == 0) abort();
    if (mount("none", ".", "tmpfs", 0, 0) == 0 || chroot(".") == 0) abort();
    if (mknod("device", S_IFBLK | 0666, 0x800) == 0) abort();
}
