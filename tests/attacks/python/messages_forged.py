# technique: messages written on every pipe it has
# class: forging
# expect: wrong_answer, runtime_error, tampered
    import json, os, struct
    for message in (["value", 2], ["done"], ["ready"], ["value", {"iterator": []}], {"value": 1}, ["call", 0, [], []], ["attribute", 0, "__globals__"]):
        body = json.dumps(message).encode()
        for fd in range(5, 64):
            try:
                os.write(fd, struct.pack(">I", len(body)) + body)
            except OSError:
                pass
    return -1
