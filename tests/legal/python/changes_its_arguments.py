# why: changes its arguments in place
    levels[:] = [b - a for a, b in zip(levels, levels[1:]) if a != b]
    return sum((a > 0) != (b > 0) for a, b in zip(levels, levels[1:]))
