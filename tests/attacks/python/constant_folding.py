# technique: constants that the compiler would fold
# class: exhausting
# expect: wrong_answer, timed_out, memory_exceeded, compile_error, runtime_error
# limits: memory_mib=300 cpu_s=2 wall_s=8
    x = ((((1 << 5000) << 5000) << 5000) ** 8, "a" * 4000 * 4000 * 4000)
    return -1
