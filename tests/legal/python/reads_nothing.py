# why: reads from its empty standard input
    import sys
    assert sys.stdin.read() == ""
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
