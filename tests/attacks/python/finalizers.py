# technique: everything that Python runs at an end leaves with status 0
# class: forging
# expect: wrong_answer, runtime_error
    import atexit, gc, os, sys, threading, weakref
    class Leaves:
        def __del__(self):
            os._exit(0)
    kept = sys.modules["kept"] = Leaves()
    weakref.finalize(kept, os._exit, 0)
    atexit.register(os._exit, 0)
    threading._register_atexit(os._exit, 0)
    sys.unraisablehook = threading.excepthook = lambda *_: os._exit(0)
    return -1
