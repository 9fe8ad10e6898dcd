# why: builds its result with generators, closures and recursion
    def signs():
        for a, b in zip(levels, levels[1:]):
            if a != b:
                yield 1 if b > a else -1
    def count(rest, last=0):
        try:
            first = next(rest)
        except StopIteration:
            return 0
        return (first == -last) + count(rest, first)
    return count(signs())
