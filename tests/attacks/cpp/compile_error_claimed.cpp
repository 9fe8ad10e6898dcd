// technique: says that its source is no source, between two calls
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() { send_all("E" + number(2) + "no"); }
