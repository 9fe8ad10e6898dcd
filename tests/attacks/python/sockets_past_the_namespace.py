# technique: sockets of families that a network namespace does not hold, or that reach the kernel
# class: escaping
# expect: wrong_answer
    import socket

    for family in range(2, 64):  # 40 is AF_VSOCK: to the host, from any namespace
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind)
            except OSError:
                continue
            raise SystemExit(f"a socket of family {family}")
    return 0
