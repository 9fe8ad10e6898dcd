// technique: the report goes to /dev/null, the flush of standard output after it returns into the tests by the unwinder's registers
// class: forging
// expect: wrong_answer, runtime_error, tampered, compile_error
    void attack();
    attack();
    return -99;
}

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <unwind.h>
static void* tests;
static int kept[64];
static bool leaving;
static _Unwind_Reason_Code frame(_Unwind_Context* c, void*) {
    Dl_info at;
    if (!dladdr((void*)(_Unwind_GetIP(c) - 1), &at) || at.dli_fbase != tests) return _URC_NO_REASON;
    static unsigned long r[8];
    const int numbers[] = {3, 6, 12, 13, 14, 15};
    for (int i = 0; i < 6; i++) r[i] = _Unwind_GetGR(c, numbers[i]);
    r[6] = _Unwind_GetCFA(c);
    r[7] = _Unwind_GetIP(c);
    asm volatile(
        "mov 0(%0), %%rbx; mov 16(%0), %%r12; mov 24(%0), %%r13; mov 32(%0), %%r14; mov 40(%0), %%r15;"
        "mov 48(%0), %%rsp; mov 8(%0), %%rbp; jmp *56(%0)" ::"a"(r) : "memory");
    return _URC_END_OF_STACK;
}
static ssize_t flushed(void*, const char* text, size_t n) {
    for (int fd = 5; fd < 64; fd++) if (kept[fd]) dup2(kept[fd], fd), close(kept[fd]), kept[fd] = 0;
    if (!leaving) _Unwind_Backtrace(frame, 0);
    return n;
}
void attack() {
    Dl_info at;
    dladdr(__builtin_return_address(1), &at);
    if (!tests) atexit([] { leaving = true; });
    tests = at.dli_fbase;
    int null = open("/dev/null", O_WRONLY);
    for (int fd = 5; fd < 12; fd++) {
        if (fd == null || kept[fd] || fcntl(fd, F_GETFD) < 0) continue;
        int copy = fcntl(fd, F_DUPFD, 100);
        dup2(null, fd);
        kept[fd] = copy;
    }
    close(null);
    cookie_io_functions_t functions = {0, flushed, 0, 0};
    stdout = fopencookie(0, "w", functions);
    fputs("x", stdout);
}
