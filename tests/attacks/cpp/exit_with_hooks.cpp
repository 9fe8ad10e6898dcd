// technique: exit(0), through the hooks of the C library
// class: forging
// expect: tampered
    exit(0);
}
