# technique: many processes wait for a processor for a moment, then everything sleeps on that waiting time
# class: exhausting
# expect: timed_out
# limits: cpu_s=5 wall_s=1
    import os, time
    if not levels:
        for _ in range(40):
            if os.fork() == 0:
                while time.process_time() < 0.05:
                    pass
                time.sleep(1000)
        time.sleep(15)
    turns = 0
    last = 0
    for a, b in zip(levels, levels[1:]):
        d = (b > a) - (b < a)
        if d:
            if last and d != last:
                turns += 1
            last = d
    return turns
