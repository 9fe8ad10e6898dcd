# technique: ctypes: the interpreter's own types rewritten
# class: forging
# expect: wrong_answer, runtime_error, tampered, timed_out
    import ctypes
    ctypes.memset(id(7) + 24, 0, 4)
    api = ctypes.pythonapi
    class Object(ctypes.Structure):
        _fields_ = [("count", ctypes.c_ssize_t), ("kind", ctypes.py_object)]
    try:
        Object.from_address(id(2)).count = 1 << 30
    finally:
        return -1
