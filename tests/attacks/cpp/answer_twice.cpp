// technique: a second answer to each call, right for the first check alone
// class: forging
// expect: wrong_answer, tampered
    void attack();
    attack();
    return 2;
}

@messages@

void attack() {
    static unsigned calls = 0;
    calls++;
    for (int n = 0; n < 5; n++) send_all("V" + number(calls) + integer(n) + number(0));
}
