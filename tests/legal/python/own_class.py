# why: uses a class with operators of its own
    class Level:
        def __init__(self, height):
            self.height = height
        def __eq__(self, other):
            return self.height == other.height
        def __sub__(self, other):
            return self.height - other.height
    levels = [Level(level) for level in levels]
    changes = [b - a for a, b in zip(levels, levels[1:]) if not a == b]
    return sum((a > 0) != (b > 0) for a, b in zip(changes, changes[1:]))
