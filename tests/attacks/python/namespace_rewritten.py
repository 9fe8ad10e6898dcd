# technique: __builtins__ of the tests named in the answer: their import hands over their namespace, then every check is answered True
# class: forging
# expect: wrong_answer, runtime_error, tampered
    import sys
    Reply
    return -1


class Reply:
    import sys
    frame = sys._getframe()
    while "side" not in frame.f_locals:
        frame = frame.f_back
    side = frame.f_locals["side"]
    send = side.send

    def more(message, side=side, send=send):
        side.send = send
        send(message)
        if message[0] == "ready":
            def named(message):
                side.send = send
                given = [name for name, _ in message[1]]
                message[1] += [[name, 0] for name in list(globals()) if name not in given]
                message[1].append(["__builtins__", side.encode({"__import__": give})])
                send(message)
            side.send = named

    def give(name, space, *rest, side=side):
        real = space["<check>"]
        def check(value, line):
            return real(True, line)
        space["<check>"] = check
        for each in list(space):
            if each in ("__builtins__", "check") or space[each] is None:
                del space[each]
        space["range"] = lambda *limits: range(*limits)
        return __import__(name)

    more.__globals__["give"] = give
    side.send = more
