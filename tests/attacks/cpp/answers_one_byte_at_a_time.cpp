// technique: an answer that comes byte by byte, and then no more
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=1
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
    string body = number(1 << 20) + "V";
    for (char c : body) { if (write(4, &c, 1) < 0) return; usleep(1000); }
    for (;;) pause();
}
