# why: lines end as on Windows
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return helper(signs)


def helper(signs):
    return sum(a != b for a, b in zip(signs, signs[1:]))
