# technique: the smallest of numpy's integers, which has no absolute value
# class: forging
# expect: wrong_answer
# task: fresh-4
    return np.int64(-2 ** 63)
