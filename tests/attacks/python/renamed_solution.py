# technique: the solution replaced by an object that answers everything
# class: forging
# expect: tampered, wrong_answer, runtime_error
    global tide_turns
    class Any:
        def __call__(self, *_):
            return self
        def __eq__(self, other):
            return True
    tide_turns = Any()
    return tide_turns
