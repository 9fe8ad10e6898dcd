# technique: what an earlier program left behind
# class: escaping
# expect: wrong_answer
    import builtins, os
    print(getattr(builtins, "canary", ""), os.environ.get("CANARY"))
    for top in ("..", "/scratch", "/tmp", "/var/tmp", "/dev/shm", "/run", "/home", "/root"):
        for folder, _, names in os.walk(top):
            for name in names:
                try:
                    read = open(os.path.join(folder, name), "rb").read(4096)
                    if b"canary" in read and len(read) < 200:
                        print(read)
                except OSError:
                    pass
    return -1
