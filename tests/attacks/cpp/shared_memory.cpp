// technique: objects that outlive a process: shared memory, queues, keyrings
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>
void attack() {
    if (shmget(1234, 4096, IPC_CREAT | 0666) >= 0) abort();
    if (shm_open("/canary", O_CREAT | O_RDWR, 0666) >= 0) abort();
    if (syscall(SYS_add_key, "user", "canary", "x", 1, -3) >= 0) abort();
}
