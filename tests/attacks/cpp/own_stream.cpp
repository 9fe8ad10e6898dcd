// technique: standard output made a stream whose flush leaves, or throws, when a check fails
// class: forging
// expect: wrong_answer, tampered
    void attack();
    attack();
    return 0;
}

#include <stdio.h>
static ssize_t leave(void*, const char*, size_t) { _Exit(0); }
static ssize_t thrown(void*, const char*, size_t) { throw 1; }
void attack() {
    cookie_io_functions_t functions = {0, leave, 0, 0};
    stdout = fopencookie(0, "w", functions);
    functions.write = thrown;
    stderr = fopencookie(0, "w", functions);
    fputs("x", stdout);
}
