// technique: #define of the solution's name
// class: forging
// expect: wrong_answer
    return 0;
}
#define tide_turns(...) (0 == 0 ? throw 0 : 0), 1 ||
struct Last {};
