// technique: half an answer, then the end
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() {
    string half = number(18) + "V" + number(1);
    if (write(4, half.data(), half.size())) _exit(0);
}
