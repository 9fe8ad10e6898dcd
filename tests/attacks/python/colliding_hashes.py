# technique: a set whose elements collide when the tests build it anew, so that their time runs out and not the program's
# class: exhausting
# expect: timed_out
# limits: cpu_s=1 wall_s=30
    import os, struct
    elements = ", ".join('{"int": "%s"}' % hex(n * ((1 << 61) - 1)) for n in range(1, 60000))
    body = b'["value", {"set": [%s]}]' % elements.encode()
    message = struct.pack(">I", len(body)) + body
    while message:
        message = message[os.write(4, message):]
    return 0
