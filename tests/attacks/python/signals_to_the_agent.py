# technique: SIGKILL to every process there is
# class: escaping
# expect: runtime_error, wrong_answer
    import os
    for pid in range(1, 5000):
        if pid != os.getpid():
            try:
                os.kill(pid, 9)
            except OSError:
                pass
    return -1
