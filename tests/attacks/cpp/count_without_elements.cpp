// technique: an answer of 4,000,000,000 elements that has none
// class: forging
// expect: tampered
// task: fresh-8
    void attack();
    attack();
    return {};
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

void attack() { send_all("V" + number(1) + "l" + number(4000000000u) + number(0)); }
