// technique: an answer of 4,000,000,000 elements that has none
// class: forging
// expect: tampered
// task: fresh-8
    void attack();
    attack();
    return {};
}

@messages@

void attack() { send_all("V" + number(1) + "l" + number(4000000000u) + number(0)); }
