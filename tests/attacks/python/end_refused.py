# technique: a process that does not end when the tests have
# class: exhausting
# expect: timed_out, wrong_answer
# limits: wall_s=2
    import os, sys, time
    class Slow:
        def write(self, text): pass
        def flush(self): time.sleep(1000)
    sys.stdout = Slow()
    return -1
