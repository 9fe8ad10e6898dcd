# technique: users, namespaces, mounts
# class: escaping
# expect: wrong_answer
    import ctypes, os
    libc = ctypes.CDLL(None)
    for what in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.chroot("."), lambda: os.mknod("device", 0o60666, 0x800)):
        try:
            what()
        except OSError:
            continue
        raise MemoryError
    if libc.unshare(0x10000000) == 0 or libc.unshare(0x20000) == 0 or libc.mount(b"none", b".", b"tmpfs", 0, 0) == 0:
        raise MemoryError
    return -1
