// technique: links, FIFOs and odd names left for whoever cleans up
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <sys/stat.h>
#include <unistd.h>
void attack() {
    for (const char* target : {@FILES@, "/etc/passwd", "/opt/humaneval_x/sandboxes/agent.py", "/scratch", "/", ".."}) {
        static int number = 0;
        string name = "link" + to_string(number++);
        if (symlink(target, name.c_str()) || symlink(target, ("../" + name).c_str())) continue;
    }
    mkfifo("program.so", 0666);
    mkfifo("fifo", 0);
    mkdir("closed", 0777);
    if (symlink("/", "closed/root")) {}
    chmod("closed", 0);
    if (rename(".", "../moved")) {}
    if (symlink("/etc", "name\nwith\x01\xff")) {}
}
