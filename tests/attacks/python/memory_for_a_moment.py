# technique: memory above the limit, freed before anyone looks
# class: exhausting
# expect: memory_exceeded
# limits: memory_mib=180 cpu_s=5 wall_s=20
    x = bytearray(b"x") * (300 << 20)
    del x
    return -1
