# why: a comment in column 0 after an early return
    if not levels:
        return 0
# the signs of the steps
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return sum(a != b for a, b in zip(signs, signs[1:]))
