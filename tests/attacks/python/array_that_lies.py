# technique: an array whose class says another type, shape and content than it has
# class: forging
# expect: wrong_answer, runtime_error, tampered
    class Lies(np.ndarray):
        dtype, shape = np.dtype("i8"), (10 ** 9,)
        def tobytes(self):
            return b""
        def __bool__(self):
            return True
    return np.array(7).view(Lies)
