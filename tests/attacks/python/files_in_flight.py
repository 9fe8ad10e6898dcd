# technique: memory and files of the scratch area in messages that nobody receives, in a cycle of sockets, left to later programs
# class: escaping
# expect: wrong_answer
    import os
    import socket

    ours, theirs = socket.socketpair()
    memory = os.memfd_create("left")
    os.write(memory, bytes(1 << 20))
    for fds in ([memory, os.open("left", os.O_CREAT | os.O_RDWR)], [ours.fileno(), theirs.fileno()]):
        try:
            socket.send_fds(ours, [b"x"], fds)
        except OSError:
            continue
        raise SystemExit("sent")
    return 0
