// technique: answers to all calls to come, sent before they are asked
// class: forging
// expect: tampered
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

__attribute__((constructor)) static void ahead() {
    for (unsigned n = 1; n < 20; n++) send_all("V" + number(n) + integer(0) + number(0));
}
