# why: a line goes on in column 0 behind a backslash
    signs = \
[(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return sum(a != b for a, b in zip(signs, signs[1:]))
