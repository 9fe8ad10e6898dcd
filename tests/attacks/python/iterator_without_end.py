# technique: a result that never ends
# class: exhausting
# expect: timed_out, memory_exceeded
# limits: memory_mib=300 cpu_s=1 wall_s=5
    import itertools
    return itertools.count()
