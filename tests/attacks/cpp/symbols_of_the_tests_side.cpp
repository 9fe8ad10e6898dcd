// technique: defines the functions with which the tests check
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}
namespace hx_values {
void check(bool, const char*) {}
Reader reply() { return Reader{"i\2\0\0\0\0\0\0\0", nullptr}; }
}
extern "C" void abort() { _Exit(0); }
