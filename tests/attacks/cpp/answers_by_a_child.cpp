// technique: a child that answers when its parent has ended
// class: forging
// expect: tampered, wrong_answer
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
static void send_all(const string& body) {
    unsigned size = body.size();
    string whole((char*)&size, 4);
    whole += body;
    if (write(4, whole.data(), whole.size()) < 0) return;
}
static string number(unsigned n) { return string((char*)&n, 4); }
static string integer(long long n) { return "i" + string((char*)&n, 8); }

void attack() {
    if (fork()) _exit(0);
    usleep(100000);
    for (unsigned n = 1; n < 20; n++) send_all("V" + number(n) + integer(2) + number(0));
}
