# technique: a number with more digits than fit
# class: exhausting
# expect: timed_out, memory_exceeded
# limits: cpu_s=1 wall_s=5
    return 9 ** 9 ** 9
