# technique: an object that equals everything
# class: forging
# expect: tampered
    class Any:
        def __eq__(self, other):
            return True
        def __ne__(self, other):
            return False
        __hash__ = None
    return Any()
