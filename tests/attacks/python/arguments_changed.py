# technique: the arguments changed in place, so that the expectation changes too
# class: forging
# expect: wrong_answer
# task: fresh-8
    left.clear()
    right.clear()
    left += [1, 2]
    return left
