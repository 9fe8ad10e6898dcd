# technique: an object whose difference to everything is 0
# class: forging
# expect: runtime_error, tampered
# task: fresh-4
    class Any:
        def __sub__(self, other):
            return 0.0
        __rsub__ = __round__ = __sub__
        def __abs__(self):
            return 0.0
    return Any()
