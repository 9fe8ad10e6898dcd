// technique: a macro call that would swallow the tests
// class: forging
// expect: compile_error, wrong_answer
    return 0;
}
#define SWALLOW(...) int main() {}
SWALLOW({}
