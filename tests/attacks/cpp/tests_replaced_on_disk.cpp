// technique: other objects put in the place of the tests
// class: forging
// expect: wrong_answer, compile_error, runtime_error
    return 0;
}

#include <fstream>
#include <stdio.h>
static int replace() {
    rename("program.so", "tests.so");
    for (const char* name : {"tests.so", "hx-tests", "program.o"}) ofstream(name) << "other";
    return 0;
}
static int replaced = replace();
void last() {}
