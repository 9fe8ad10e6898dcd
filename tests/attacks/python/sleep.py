# technique: sleep without end
# class: exhausting
# expect: timed_out
# limits: wall_s=1
    import time
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass
