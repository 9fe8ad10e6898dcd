// technique: a text where a number is declared
// class: forging
// expect: runtime_error
    void attack();
    attack();
    return 0;
}

@messages@

void attack() { send_all("V" + number(1) + "b" + number(1) + "2" + number(0)); }
