// technique: the environment of every process
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <fstream>
extern "C" char** environ;
void attack() {
    for (char** each = environ; *each; each++) puts(*each);
    for (int pid = 1; pid < 400; pid++) {
        ifstream file("/proc/" + to_string(pid) + "/environ");
        if (file.good()) cout << file.rdbuf() << endl;
    }
}
