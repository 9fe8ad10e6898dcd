// technique: an answer nested a thousand times
// class: forging
// expect: tampered
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
    string deep;
    for (int i = 0; i < 1000; i++) deep += "l" + number(1);
    send_all("V" + number(1) + deep + "n" + number(0));
}
