# technique: links, FIFOs and odd names left for whoever cleans up
# class: escaping
# expect: wrong_answer
    import os
    for number, target in enumerate([@FILES@, "/etc/passwd", "/scratch", "/", ".."]):
        os.symlink(target, f"link{number}")
    os.mkfifo("fifo")
    os.mkdir("closed")
    os.symlink("/", "closed/root")
    open(b"name\nwith\x01\xff", "w").close()
    os.chmod("closed", 0)
    return -1
