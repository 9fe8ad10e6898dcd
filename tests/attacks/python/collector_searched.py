# technique: gc: every object that looks like a check, a token or tests
# class: forging
# expect: wrong_answer, runtime_error, tampered
    import gc, re
    for each in gc.get_objects():
        if isinstance(each, dict):
            for name in [name for name in each if isinstance(name, str) and "check" in name.lower()]:
                each[name] = lambda *_: None
        if type(each).__name__ == "Checks":
            each.made, each.failed = 14, 0
            type(each).check = lambda *_: None
        if type(each).__name__ == "function" and "assert" in str(each.__code__.co_names):
            each.__code__ = (lambda *_: None).__code__
    return -1
