# technique: a child goes on answering when the program has left with status 0
# class: forging
# expect: wrong_answer, tampered, runtime_error, timed_out
    import os, struct, time
    if os.fork():
        os._exit(0)
    for _ in range(100):
        os.write(4, struct.pack(">I", 12) + b'["value", 2]')
        time.sleep(0.01)
