// technique: a main of its own
// class: forging
// expect: wrong_answer, compile_error, tampered
    return 0;
}
namespace { struct Before { Before() {} } before_; }
extern "C" int main(int, char**) { return 0; }
