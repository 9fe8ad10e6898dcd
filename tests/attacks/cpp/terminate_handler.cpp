// technique: a terminate handler that exits with status 0
// class: forging
// expect: runtime_error
    set_terminate([] { _Exit(0); });
    throw 1;
}
