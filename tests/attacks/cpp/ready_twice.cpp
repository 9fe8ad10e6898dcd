// technique: says that it is loaded instead of answering
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() { send_all("R"); }
