# technique: a subclass of int that equals everything
# class: forging
# expect: wrong_answer
    class Any(int):
        def __eq__(self, other):
            return True
        __hash__ = int.__hash__
    return Any(-1)
