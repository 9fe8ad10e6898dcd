# why: keeps a count in a global name between calls
    global calls
    calls = globals().get("calls", 0) + 1
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
