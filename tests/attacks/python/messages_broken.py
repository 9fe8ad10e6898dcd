# technique: messages that no parser can take
# class: forging
# expect: runtime_error, memory_exceeded, tampered
    import os, struct
    for fd in range(3, 64):
        try:
            os.write(fd, struct.pack(">I", 40000) + b"[" * 40000)
        except OSError:
            pass
    return -1
