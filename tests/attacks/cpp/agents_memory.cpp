// technique: the memory and descriptors of the agent and of the warm servers
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <dirent.h>
#include <fstream>
void attack() {
    DIR* all = opendir("/proc");
    while (dirent* each = readdir(all)) {
        string root = string("/proc/") + each->d_name;
        if (!atoi(each->d_name)) continue;
        for (string name : {"/mem", "/maps", "/environ", "/stack", "/fd/0", "/fd/3", "/fd/4", "/root/etc/shadow", "/cwd/canary"}) {
            ifstream file(root + name);
            if (file.good() && atoi(each->d_name) != 0 && name != "/maps") cout << file.rdbuf();
        }
    }
}
