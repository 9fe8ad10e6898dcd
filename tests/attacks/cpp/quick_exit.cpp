// technique: quick_exit(0)
// class: forging
// expect: tampered
    quick_exit(0);
}
