# technique: a dataclass with an equality of its own
# class: forging
# expect: wrong_answer, tampered
    import dataclasses
    @dataclasses.dataclass(eq=False)
    class Any:
        def __eq__(self, other):
            return True
    return Any()
