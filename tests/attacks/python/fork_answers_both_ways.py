# technique: two processes answer one question
# class: forging
# expect: wrong_answer, runtime_error, tampered, timed_out
    import os
    return 2 if os.fork() else 0
