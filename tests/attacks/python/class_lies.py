# technique: an object that says it is an int
# class: forging
# expect: tampered
    class Any:
        __class__ = int
        def __eq__(self, other):
            return True
        def __reduce__(self):
            return int, (2,)
    return Any()
