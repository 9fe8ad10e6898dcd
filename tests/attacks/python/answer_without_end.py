# technique: a result of a gigabyte
# class: exhausting
# expect: memory_exceeded, timed_out, runtime_error
# task: fresh-18
# limits: memory_mib=300 cpu_s=3 wall_s=10
    return ["x" * 1000] * 10_000_000
