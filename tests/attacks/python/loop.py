# technique: a loop without end
# class: exhausting
# expect: timed_out
# limits: cpu_s=0.5 wall_s=10
    while True:
        pass
