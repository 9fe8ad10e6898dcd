# why: a helper after the function with a decorator it cannot do without
    turns = steps(levels)
    return turns


@functools.lru_cache(None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def steps(levels):
    fibonacci(90)
    signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
    return sum(a != b for a, b in zip(signs, signs[1:]))
