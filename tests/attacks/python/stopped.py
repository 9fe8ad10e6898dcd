# technique: stop oneself, and the process with the tests
# class: exhausting
# expect: timed_out, runtime_error
# limits: wall_s=1
    import os
    os.kill(os.getppid(), 19)
    os.kill(os.getpid(), 19)
