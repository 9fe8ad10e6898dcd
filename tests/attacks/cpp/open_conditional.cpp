// technique: a conditional that would swallow the tests
// class: forging
// expect: compile_error
    return 0;
}
#if 0
void last() {}
