# technique: both at once: waiting time is borrowed for the wall clock, processor time vanishes with children nobody collects
# class: exhausting
# expect: timed_out
# limits: cpu_s=1 wall_s=1
    import os, signal, time
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if not levels:
        for _ in range(30):
            if os.fork() == 0:
                while time.process_time() < 0.02:
                    pass
                time.sleep(1000)
        for _ in range(30):
            pid = os.fork()
            if pid == 0:
                while time.process_time() < 0.3:
                    pass
                os._exit(0)
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return sum(a != b for a, b in zip(signs, signs[1:]))
