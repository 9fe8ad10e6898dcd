// technique: says that memory ran out
// class: forging
// expect: memory_exceeded
    void attack();
    attack();
    return 0;
}

@messages@

void attack() { send_all(string("T") + number(1) + "\1" + number(0) + number(0) + number(0)); }
