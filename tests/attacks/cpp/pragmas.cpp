// technique: diagnostics and optimisation changed by pragmas
// class: forging
// expect: compile_error, wrong_answer
    return 0;
}
#pragma GCC optimize ("Ofast")
#pragma GCC visibility push(hidden)
#pragma weak main
#pragma redefine_extname main other_main
void last() {}
