# technique: the counting check called with True as often as it takes
# class: forging
# expect: wrong_answer, runtime_error
    import sys
    frame, found = sys._getframe(), []
    while frame:
        for names in (frame.f_globals, frame.f_locals):
            found += [value for value in names.values() if callable(getattr(value, "check", None))]
            found += [names[name] for name in names if name == "<check>"]
        frame = frame.f_back
    for each in found:
        for line in range(14):
            getattr(each, "check", each)(True, line)
    return -1
