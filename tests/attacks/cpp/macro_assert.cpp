// technique: #define assert
// class: forging
// expect: wrong_answer
    return 0;
}
#define assert(x)
void last() {}
