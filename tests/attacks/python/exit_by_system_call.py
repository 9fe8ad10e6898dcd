# technique: exit_group by a bare system call
# class: forging
# expect: tampered, runtime_error
    import ctypes
    ctypes.CDLL(None).syscall(231, 0)
