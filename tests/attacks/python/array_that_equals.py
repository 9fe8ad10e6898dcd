# technique: a numpy array whose class equals everything
# class: forging
# expect: wrong_answer, runtime_error
# task: fresh-8
    class Any(np.ndarray):
        def __eq__(self, other):
            return True
    return np.zeros(3).view(Any)
