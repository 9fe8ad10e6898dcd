# technique: an equality that a descriptor, a metaclass or a later moment gives
# class: forging
# expect: tampered, wrong_answer
    class Given:
        def __get__(self, instance, kind):
            return lambda other: True
    class Late:
        pass
    late = Late()
    Late.__eq__ = Given()
    return late
