# technique: empty files without end
# class: exhausting
# expect: timed_out, runtime_error, memory_exceeded
# limits: cpu_s=2 wall_s=8
    for i in range(1_000_000):
        open(str(i), "w").close()
