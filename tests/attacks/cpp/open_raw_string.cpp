// technique: a raw string that would swallow the tests
// class: forging
// expect: compile_error, wrong_answer
    return 0;
}
const char* text = R"swallow( {}
