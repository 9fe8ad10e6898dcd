// technique: a macro that doubles itself until the compiler has no memory
// class: exhausting
// expect: compile_error, timed_out, memory_exceeded
// limits: compile_cpu_s=2 compile_wall_s=10
    macro_rules! double { ($($all:tt)*) => { double!($($all)* $($all)*) }; }
    double!(1 2)
}
