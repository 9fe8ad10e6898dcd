# technique: a timer whose handler leaves with status 0
# class: forging
# expect: tampered
    import os, signal
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
