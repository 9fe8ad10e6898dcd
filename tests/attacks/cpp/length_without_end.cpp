// technique: a message that says that it is 4 GiB long
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

@messages@

void attack() {
    string body("\xff\xff\xff\xff" "V", 5);
    for (;;) if (write(4, body.data(), body.size()) < 0) return;
}
