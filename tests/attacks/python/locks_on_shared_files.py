# technique: locks and watches on files that all jails share: a way to stop another jail, and to signal to it
# class: escaping
# expect: wrong_answer
    import ctypes
    import fcntl

    libc = ctypes.CDLL(None)
    with open("/usr/bin/env", "rb") as shared:
        for lock in (
            lambda: fcntl.flock(shared, fcntl.LOCK_EX | fcntl.LOCK_NB),
            lambda: fcntl.lockf(shared, fcntl.LOCK_SH | fcntl.LOCK_NB),
            lambda: fcntl.fcntl(shared, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        ):
            try:
                lock()
            except OSError:
                continue
            raise SystemExit("locked")
    if libc.inotify_add_watch(libc.inotify_init1(0), b"/usr/bin/env", 0xFFF) >= 0:
        raise SystemExit("watched")
    libc.sync()
    return 0
