# technique: a pattern that backtracks for ever
# class: exhausting
# expect: timed_out
# limits: cpu_s=1 wall_s=5
    import re
    return re.match("(a*)*$", "a" * 64 + "b")
