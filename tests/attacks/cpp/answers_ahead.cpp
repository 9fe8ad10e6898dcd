// technique: answers to all calls to come, sent before they are asked
// class: forging
// expect: tampered
    return 0;
}

@messages@

__attribute__((constructor)) static void ahead() {
    for (unsigned n = 1; n < 20; n++) send_all("V" + number(n) + integer(0) + number(0));
}
