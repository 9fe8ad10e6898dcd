// technique: floods the answers with noise
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() {
    string noise;
    for (int i = 0; i < 1 << 20; i++) noise += (char)rand();
    for (;;) send_all(noise);
}
