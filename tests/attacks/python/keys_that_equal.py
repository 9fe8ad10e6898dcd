# technique: a dict whose keys hash and equal as wanted
# class: forging
# expect: wrong_answer
# task: fresh-5
    class Any(str):
        def __eq__(self, other):
            return True
        def __hash__(self):
            return 0
    return {Any(): 1}
