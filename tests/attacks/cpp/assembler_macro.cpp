// technique: an assembler macro that redefines call
// class: forging
// expect: tampered, compile_error, wrong_answer, runtime_error
    return 0;
}
void last() {}
asm(".macro call a:vararg\n.endm");
void last2() {}
