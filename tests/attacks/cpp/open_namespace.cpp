// technique: a namespace that would hold the tests
// class: forging
// expect: compile_error, wrong_answer
    return 0;
}
int main_() { return 0; }
namespace hidden {
void last() {}
