# technique: die by a signal without output
# class: forging
# expect: runtime_error
    import os
    os.kill(os.getpid(), 9)
