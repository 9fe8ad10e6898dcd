# technique: recursion without end, and without a limit
# class: exhausting
# expect: runtime_error, memory_exceeded, timed_out
# limits: memory_mib=300 cpu_s=5 wall_s=20
    import sys
    sys.setrecursionlimit(1 << 30)
    f = lambda n: f(n + 1) + 1
    return f(0)
