# technique: an enumeration with an equality of its own
# class: forging
# expect: wrong_answer, tampered
    import enum
    class Any(enum.IntEnum):
        ONE = -1
        def __eq__(self, other):
            return True
        __hash__ = int.__hash__
    return Any.ONE
