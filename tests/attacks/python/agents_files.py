# technique: memory, descriptors and working folders of every process
# class: escaping
# expect: wrong_answer
    import glob, os
    for path in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/proc/[0-9]*/mem") + glob.glob("/proc/[0-9]*/cwd/*") + glob.glob("/proc/[0-9]*/root/root/*"):
        if f"/{os.getpid()}/" in path:
            continue
        try:
            print(path, os.open(path, os.O_RDONLY | os.O_NONBLOCK) and "canary: opened")
        except OSError:
            pass
    return -1
