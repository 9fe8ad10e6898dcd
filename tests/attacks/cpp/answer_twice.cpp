// technique: a second answer to each call, right for the first check alone
// class: forging
// expect: wrong_answer, tampered
    void attack();
    attack();
    return 2;
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
    calls++;
    for (int n = 0; n < 5; n++) send_all("V" + number(calls) + integer(n) + number(0));
}
