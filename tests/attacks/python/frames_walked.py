# technique: the frames above: their checks replaced
# class: forging
# expect: wrong_answer, runtime_error
    import sys
    frame = sys._getframe()
    while frame:
        for names in (frame.f_globals, frame.f_locals):
            for name in list(names):
                if "check" in name.lower():
                    names[name] = lambda *_: None
        frame = frame.f_back
    return -1
