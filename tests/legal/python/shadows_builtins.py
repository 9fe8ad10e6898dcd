# why: has names of built-ins for its own variables
    global abs, len
    def abs(x):
        return x if x > 0 else -x
    def len(x):
        return sum(1 for _ in x)
    list, max, sum_ = levels, len(levels), 0
    changes = [b - a for a, b in zip(list, list[1:]) if abs(b - a)]
    return sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
