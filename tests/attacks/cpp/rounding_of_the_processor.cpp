// technique: floating point made coarse: flush to zero, rounding upwards
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-4
    unsigned state;
    asm volatile("stmxcsr %0" : "=m"(state));
    state |= 0x8040 | 0x4000;
    asm volatile("ldmxcsr %0" : : "m"(state));
    return 0;
}
