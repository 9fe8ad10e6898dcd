# technique: math, random, copy and operator replaced
# class: forging
# expect: wrong_answer
# task: fresh-4
    import builtins, copy, math, operator, random, sys
    for module in (math, random, copy, operator):
        for name in list(vars(module)):
            if not name.startswith("__"):
                setattr(module, name, lambda *_, **__: 0.0)
    sys.modules["math"] = sys.modules["random"] = None
    builtins.__import__ = lambda *_, **__: math
    return -1
