// technique: macros with the names that its dispatcher uses
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}
#define hx_values nothing
#define hx_call_0 other
#define tide_turns(x) 2
#define return return 2 +
#define main start
#define hx wrong
#define static
