# technique: a number whose difference to everything is 0
# class: forging
# expect: wrong_answer, runtime_error, tampered
# task: fresh-4
    class Any(float):
        def __sub__(self, other):
            return 0.0
        __rsub__ = __sub__
        def __abs__(self):
            return 0.0
        def __eq__(self, other):
            return True
    return Any(-1e9)
