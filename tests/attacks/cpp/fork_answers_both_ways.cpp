// technique: fork, and answer 0 in one process and 1 in the other
// class: forging
// expect: wrong_answer, tampered
    int fork_(void) asm("fork");
    return fork_() ? 0 : 1;
}
