# technique: looks for the tests in every module, frame and object of its process
# class: forging
# expect: wrong_answer, runtime_error
    import gc, sys
    for each in gc.get_objects():
        if isinstance(each, (str, bytes)) and ("assert" in str(each)) and "tide_turns(" in str(each):
            raise SystemExit("found")
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if hasattr(value, "recorded"):
                value.send(["value", 2])
        frame = frame.f_back
    return 0
