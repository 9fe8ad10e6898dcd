# why: stdin, argv, __name__, __file__-less, dir(), pickled own class
    import pickle, sys
    assert sys.stdin.read() == ""
    sys.argv, __name__
    boxed = pickle.loads(pickle.dumps(Box(levels)))
    return boxed.turns()


class Box:
    def __init__(self, levels):
        self.levels = levels

    def turns(self):
        levels = self.levels
        signs = [(b > a) - (b < a) for a, b in zip(levels, levels[1:]) if a != b]
        return sum(a != b for a, b in zip(signs, signs[1:]))
