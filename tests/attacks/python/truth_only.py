# technique: True where a number is wanted
# class: forging
# expect: wrong_answer
    return True
