// technique: a message that says that it is 4 GiB long
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
    string body("\xff\xff\xff\xff" "V", 5);
    for (;;) if (write(4, body.data(), body.size()) < 0) return;
}
