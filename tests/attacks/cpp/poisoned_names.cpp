// technique: #pragma GCC poison of what the tests use
// class: forging
// expect: compile_error, wrong_answer
    return 0;
}
#pragma GCC poison assert tide_turns
void last() {}
