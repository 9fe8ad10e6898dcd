# technique: sends every signal to every process number
# class: forging
# expect: wrong_answer, runtime_error, tampered, timed_out
    import os, signal
    for name in os.listdir("/proc"):
        for number in (signal.SIGINT, signal.SIGSTOP, signal.SIGUSR1, signal.SIGKILL):
            if name.isdigit() and int(name) > 1 and int(name) != os.getpid():
                try:
                    os.kill(int(name), number)
                except OSError:
                    pass
    return 0
