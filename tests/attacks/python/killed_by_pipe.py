# technique: die by SIGPIPE
# class: forging
# expect: runtime_error
    import os, signal
    signal.signal(13, signal.SIG_DFL)
    os.kill(os.getpid(), 13)
