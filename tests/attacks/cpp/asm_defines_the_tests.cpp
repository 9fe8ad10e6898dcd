// technique: assembler that defines the symbols the tests would have
// class: forging
// expect: compile_error, wrong_answer, tampered
    return 0;
}

asm(".globl hx_tests\nhx_tests: xor %eax, %eax\nret\n.weak main\n.set main, hx_tests");
void last() {}
