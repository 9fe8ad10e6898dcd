// technique: a thread that answers beside the dispatcher
// class: forging
// expect: tampered, wrong_answer
    void attack();
    attack();
    return 0;
}

@messages@

#include <thread>
void attack() {
    thread([] {
        for (;;) for (unsigned n = 1; n < 20; n++) send_all("V" + number(n) + integer(2) + number(0));
    }).detach();
}
