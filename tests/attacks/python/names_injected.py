# technique: the answer to "which names do the tests need" names more: abs of the tests becomes a function of the program's
# class: forging
# expect: wrong_answer, runtime_error, tampered
# task: fresh-14
    Reply
    return 0.0


class Reply:
    import sys
    frame = sys._getframe()
    while "side" not in frame.f_locals:
        frame = frame.f_back
    side = frame.f_locals["side"]
    send = side.send

    def more(message, side=side, send=send):
        side.send = send
        if message[0] == "ready":
            send(message)
            def named(message):
                side.send = send
                message[1].append(["abs", side.encode(lambda number: 0.0)])
                send(message)
            side.send = named
        else:
            send(message)

    side.send = more
