# why: prints to both outputs before it returns
    import sys
    print("hello")
    print("hello", file=sys.stderr)
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
