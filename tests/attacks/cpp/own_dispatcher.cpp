// technique: has a dispatcher of its own in place of the given
// class: forging
// expect: wrong_answer, tampered, compile_error
    return 0;
}
namespace hx_values {
int answer(Function *const *, unsigned) { return 0; }
}
