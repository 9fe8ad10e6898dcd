// technique: a comment that would swallow the tests
// class: forging
// expect: compile_error, wrong_answer
    return 0;
}
void last() {} /* {}
