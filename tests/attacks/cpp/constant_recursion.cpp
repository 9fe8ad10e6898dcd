// technique: constexpr calls without end
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out
// limits: compile_cpu_s=2 compile_wall_s=8 compile_memory_mib=512 cpu_s=1 wall_s=3
    return 0;
}

constexpr long count(long n) { return n < 2 ? 1 : count(n - 1) + count(n - 2); }
constexpr long wanted = count(60);
void last() {}
