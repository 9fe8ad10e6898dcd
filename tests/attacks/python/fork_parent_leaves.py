# technique: the parent exits with status 0, a child answers on
# class: forging
# expect: wrong_answer, tampered
    import os
    if os.fork():
        os._exit(0)
    return -1
