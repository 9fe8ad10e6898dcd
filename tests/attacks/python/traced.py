# technique: settrace, and jumps over the assertions
# class: forging
# expect: wrong_answer, runtime_error
    import sys
    def trace(frame, event, argument):
        frame.f_trace_lines = True
        if frame.f_code.co_name == "check":
            try:
                frame.f_lineno = frame.f_lineno + 14
            except ValueError:
                pass
        return trace
    sys.settrace(trace)
    frame = sys._getframe()
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
    return -1
