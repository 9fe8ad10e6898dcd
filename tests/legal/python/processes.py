# why: multiprocessing and a child process of its own, which were at odds with tests in a fork's parent
    import multiprocessing
    import os
    here, there = multiprocessing.Pipe()
    worker = multiprocessing.get_context("fork").Process(target=lambda: there.send(sum(levels)))
    worker.start()
    assert here.recv() == sum(levels)
    worker.join()
    assert os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1]) == 0
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return sum(a != b for a, b in zip(signs, signs[1:]))
