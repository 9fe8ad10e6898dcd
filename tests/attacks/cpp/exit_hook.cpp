// technique: an exit hook that ends with status 0
// class: forging
// expect: wrong_answer
    atexit([] { _Exit(0); });
    return 0;
}
