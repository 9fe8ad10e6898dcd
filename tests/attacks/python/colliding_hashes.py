# technique: a set whose elements collide when the tests build it anew
# class: exhausting
# expect: wrong_answer, timed_out
# limits: cpu_s=1 wall_s=4
    return {n * ((1 << 61) - 1) for n in range(1, 5000)}
