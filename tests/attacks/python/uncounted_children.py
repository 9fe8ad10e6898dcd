# technique: processor time in children that nobody collects (SIGCHLD ignored), so that it vanishes from the account
# class: exhausting
# expect: timed_out
# limits: cpu_s=1 wall_s=6
    import os, signal, time
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if not levels:
        for _ in range(6):
            if os.fork() == 0:
                while time.process_time() < 0.6:
                    pass
                os._exit(0)
            try:
                os.wait()
            except ChildProcessError:
                pass
    turns = 0
    last = 0
    for a, b in zip(levels, levels[1:]):
        d = (b > a) - (b < a)
        if d:
            if last and d != last:
                turns += 1
            last = d
    return turns
