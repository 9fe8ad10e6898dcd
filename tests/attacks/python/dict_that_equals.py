# technique: a subclass of dict that equals everything
# class: forging
# expect: wrong_answer
# task: fresh-5
    class Any(dict):
        def __eq__(self, other):
            return True
    return Any(nothing=1)
