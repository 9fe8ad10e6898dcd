# technique: a child reads the questions away, so that later ones never come
# class: forging
# expect: wrong_answer, timed_out, runtime_error, tampered
# limits: wall_s=2
    import os
    if os.fork() == 0:
        while os.read(3, 1):
            pass
        os._exit(0)
    return 2
