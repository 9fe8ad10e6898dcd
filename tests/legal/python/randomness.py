# why: shuffles and seeds
    import random
    random.seed(5)
    random.random(), np.random.rand()
    changes = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    turns = sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
    return turns
