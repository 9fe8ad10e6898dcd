// technique: abort, exit, __assert_fail and syscall interposed
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}

extern "C" void abort() { for (;;) _Exit(0); }
extern "C" void __assert_fail() { }
extern "C" long syscall(long, ...) { _Exit(0); }
extern "C" long write(int, const void*, size_t n) { return n; }
