// technique: dlsym, dlopen, snprintf and fflush interposed
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}

static int nothing() { return 0; }
extern "C" void* dlsym(void*, const char*) { return (void*)nothing; }
extern "C" void* dlopen(const char*, int) { return (void*)nothing; }
extern int printed() asm("snprintf");
int printed() { return 0; }
extern int flushed() asm("fflush");
int flushed() { _Exit(0); }
