// technique: a main of its own, by its symbol
// class: forging
// expect: compile_error, tampered, wrong_answer
    return 0;
}
int other() asm("main");
int other() { return 0; }
