# technique: NaN in the place of a number
# class: forging
# expect: wrong_answer
# task: fresh-4
    return float('nan')
