// technique: the solution's symbol hidden, another of its name exported by the assembler
// class: forging
// expect: wrong_answer, compile_error, runtime_error
    return 0;
}

struct Any {};
asm(".weak _Z10tide_turnsSt6vectorIiSaIiEE2");
void last() {}
