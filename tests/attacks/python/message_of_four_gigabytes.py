# technique: announces an answer that never ends
# class: exhausting
# expect: runtime_error, tampered, timed_out
    import os
    os.write(4, b"\xff" * 4)
    while True:
        os.write(4, b"[" * 65536)
