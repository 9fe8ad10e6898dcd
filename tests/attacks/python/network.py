# technique: the network and the port of the host
# class: escaping
# expect: wrong_answer
    import socket
    for address in ("127.0.0.1", "172.17.0.1", "10.0.2.2", "192.168.65.2", "8.8.8.8", "::1"):
        try:
            socket.create_connection((address, @PORT@), 0.1)
            print("connected")
        except OSError:
            pass
    try:
        print(socket.gethostbyname("example.com"))
    except OSError:
        pass
    return -1
