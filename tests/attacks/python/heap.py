# technique: lists without end
# class: exhausting
# expect: memory_exceeded
# limits: memory_mib=200 cpu_s=5 wall_s=20
    kept = []
    while True:
        kept.append(bytearray(b"x" * 10_000_000))
