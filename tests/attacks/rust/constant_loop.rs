// technique: a constant that the compiler computes without end
// class: exhausting
// expect: compile_error, timed_out, memory_exceeded
// limits: compile_cpu_s=2 compile_wall_s=10
    const N: i32 = { let mut n = 0; while n >= 0 { n = (n + 1) % 1000; } n };
    N
}
