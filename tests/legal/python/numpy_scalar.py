# why: returns a scalar of numpy
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return np.int64(turns)
