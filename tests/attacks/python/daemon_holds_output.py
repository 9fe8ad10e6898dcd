# technique: a daemon that holds the outputs open
# class: exhausting
# expect: wrong_answer
# limits: wall_s=5
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(1000)
        os._exit(0)
    return -1
