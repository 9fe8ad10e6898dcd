# technique: ignore every signal and exception
# class: exhausting
# expect: timed_out
# limits: cpu_s=0.5 wall_s=10
    import signal
    for s in range(1, 64):
        try:
            signal.signal(s, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            [1 for _ in range(10**9)]
        except BaseException:
            pass
