# technique: a result that holds itself
# class: exhausting
# expect: runtime_error
    one = []
    one.append(one)
    return one
