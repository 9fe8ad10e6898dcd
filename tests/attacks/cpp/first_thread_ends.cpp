// technique: ends its first thread, so that the process seems to have no memory, and takes more than its limit in another
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=300 cpu_s=10 wall_s=20
    void attack();
    attack();
    return 0;
}

#include <string.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
void attack() {
    std::thread([] { memset(malloc(360 << 20), 1, 360 << 20); sleep(1000); }).detach();
    syscall(SYS_exit, 0);
}
