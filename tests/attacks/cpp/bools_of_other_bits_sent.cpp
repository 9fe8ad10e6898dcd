// technique: answers that are bools of other bits, sent past the dispatcher
// class: forging
// expect: tampered
// task: fresh-13
    void attack();
    attack();
    return false;
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
    static unsigned calls = 0;
    send_all("V" + number(++calls) + "\2" + number(0));
}
