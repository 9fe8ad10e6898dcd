# why: makes a named tuple, which looks at the frame above
    from collections import namedtuple
    import sys, gc
    Pair = namedtuple("Pair", "a b")
    changes = [pair.b - pair.a for pair in map(Pair._make, zip(levels, levels[1:])) if pair.a != pair.b]
    sys._getframe().f_back, gc.collect()
    return sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
