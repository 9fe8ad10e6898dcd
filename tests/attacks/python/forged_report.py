# technique: reports with an invented token on every descriptor
# class: forging
# expect: wrong_answer, tampered, runtime_error
    import os
    for fd in range(3, 256):
        try:
            os.write(fd, b"0" * 32 + b" done checks=14 failures=0 \n")
        except OSError:
            pass
    os._exit(0)
