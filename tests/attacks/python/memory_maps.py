# technique: anonymous maps without end
# class: exhausting
# expect: memory_exceeded, runtime_error
# limits: memory_mib=200 cpu_s=5 wall_s=20
    import mmap
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 24))
        kept[-1].write(b"x" * (1 << 24))
