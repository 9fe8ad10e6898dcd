// technique: returns to where it was called from, twice
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out, compile_error
// limits: cpu_s=1 wall_s=2
    void attack();
    attack();
    return 0;
}

__attribute__((noinline)) void attack() {
    void** frame = (void**)__builtin_frame_address(1);
    static void* back = frame[1];
    frame[1] = back;
    static int times = 0;
    if (times++ < 3) asm volatile("leave\n leave\n ret");
}
