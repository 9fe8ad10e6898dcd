// technique: an exception that nobody catches
// class: forging
// expect: runtime_error
    throw 0;
}
