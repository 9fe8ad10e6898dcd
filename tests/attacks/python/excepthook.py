# technique: an exception hook that leaves with status 0
# class: forging
# expect: runtime_error
    import os, sys
    sys.excepthook = lambda *_: os._exit(0)
    sys.unraisablehook = sys.excepthook
    raise ValueError
