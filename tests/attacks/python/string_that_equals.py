# technique: a subclass of str that equals everything
# class: forging
# expect: wrong_answer
# task: fresh-7
    class Any(str):
        def __eq__(self, other):
            return True
        __hash__ = str.__hash__
    return Any()
