# technique: an exit hook that leaves with status 0
# class: forging
# expect: wrong_answer
    import atexit, os
    atexit.register(lambda: os._exit(0))
    return -1
