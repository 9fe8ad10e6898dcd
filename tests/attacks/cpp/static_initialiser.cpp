// technique: exit before the tests, from a static initialiser
// class: forging
// expect: tampered
    return 0;
}

static int early() { _Exit(0); }
static int begun = early();
void last() {}
