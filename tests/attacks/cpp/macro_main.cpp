// technique: #define main, and another main
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}
int other() { return 0; }
#define main static inline unused
void last() {}
