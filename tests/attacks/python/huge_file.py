# technique: one file without end
# class: exhausting
# expect: runtime_error, output_exceeded
# limits: cpu_s=5 wall_s=20
    with open("huge", "wb") as file:
        while True:
            file.write(b"x" * (1 << 20))
