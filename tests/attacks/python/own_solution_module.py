# technique: sys.modules and __main__ rewritten
# class: forging
# expect: wrong_answer, runtime_error
    import sys
    class Empty:
        def __getattr__(self, name):
            return lambda *_: True
    for name in list(sys.modules):
        sys.modules[name] = Empty()
    return -1
