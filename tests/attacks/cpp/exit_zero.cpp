// technique: exit with status 0 inside the tested function
// class: forging
// expect: tampered
    _Exit(0);
}
