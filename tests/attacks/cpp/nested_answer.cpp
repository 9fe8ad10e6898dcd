// technique: an answer nested a thousand times
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() {
    string deep;
    for (int i = 0; i < 1000; i++) deep += "l" + number(1);
    send_all("V" + number(1) + deep + "n" + number(0));
}
