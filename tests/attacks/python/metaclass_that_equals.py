# technique: a class whose metaclass equals everything
# class: forging
# expect: tampered
    class Meta(type):
        def __eq__(self, other):
            return True
        __hash__ = type.__hash__
    class Any(metaclass=Meta):
        pass
    return Any
