# technique: the memory of the process that has the tests
# class: escaping
# expect: wrong_answer
    import os
    parent = os.getppid()
    for name in ("mem", "maps", "environ", "fd/3", "fd/4", "stack", "syscall", "auxv", "pagemap"):
        try:
            with open(f"/proc/{parent}/{name}", "rb") as file:
                print(name, file.read(1000))
            raise MemoryError(name)
        except OSError:
            pass
    return -1
