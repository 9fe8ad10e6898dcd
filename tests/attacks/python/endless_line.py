# technique: one line of bytes that are no text
# class: exhausting
# expect: output_exceeded
# limits: output_bytes=100000 cpu_s=5 wall_s=20
    import os
    while True:
        os.write(1, b"\x00\xff\x80" * 1000)
