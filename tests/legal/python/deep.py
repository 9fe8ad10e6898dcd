# why: deep recursion in a thread with a large stack
    import threading
    sys.setrecursionlimit(10**6)
    threading.stack_size(256 << 20)
    found = []
    def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
    def work():
        found.append(depth(50000))
    t = threading.Thread(target=work); t.start(); t.join()
    assert found == [50000]
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return sum(a != b for a, b in zip(signs, signs[1:]))
