// technique: an answer that says that it decides itself what it equals
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() { send_all("V" + number(1) + "X\1" + number(3) + "All" + number(0)); }
