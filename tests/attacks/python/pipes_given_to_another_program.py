# technique: another program answers over the same pipes
# class: forging
# expect: wrong_answer, runtime_error, tampered, timed_out
# limits: wall_s=3
    import os
    for fd in (3, 4):
        os.set_inheritable(fd, True)
    os.execv("/usr/bin/python3", ["python3", "-c", '''import os, struct
for answer in (2, 0, 0, 0, 0, 0, 2, 2):
    body = b'["value", %d]' % answer
    os.write(4, struct.pack(">I", len(body)) + body)
    os.read(3, 4096)'''])
