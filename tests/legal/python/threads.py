# why: computes in a thread
    import threading
    found = []
    def work():
        changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
        found.append(sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:])))
    one = threading.Thread(target=work)
    one.start()
    one.join()
    return found[0]
