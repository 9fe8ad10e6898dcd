# technique: ten thousand folders, one in the other
# class: exhausting
# expect: wrong_answer, runtime_error, timed_out
# limits: cpu_s=1 wall_s=3
    import os
    for i in range(10_000):
        os.mkdir("d")
        os.chdir("d")
    return -1
