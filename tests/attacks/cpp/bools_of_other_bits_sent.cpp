// technique: answers that are bools of other bits, sent past the dispatcher
// class: forging
// expect: tampered
// task: fresh-13
    void attack();
    attack();
    return false;
}

@messages@

void attack() {
    static unsigned calls = 0;
    send_all("V" + number(++calls) + "\2" + number(0));
}
