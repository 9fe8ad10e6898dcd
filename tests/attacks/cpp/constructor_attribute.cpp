// technique: exit before the tests, from a constructor function
// class: forging
// expect: tampered
    return 0;
}

__attribute__((constructor)) void early() { _Exit(0); }
