# technique: the environment of every process
# class: escaping
# expect: wrong_answer
    import glob, os
    print(dict(os.environ))
    for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/task/*/environ"):
        try:
            print(open(path, "rb").read())
        except OSError:
            pass
    return -1
