# technique: sockets of engines and buses
# class: escaping
# expect: wrong_answer
    import socket
    for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket"):
        try:
            socket.socket(socket.AF_UNIX).connect(path)
        except OSError:
            continue
        raise MemoryError(path)
    return -1
