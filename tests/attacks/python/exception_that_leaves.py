# technique: an exception whose text leaves with status 0
# class: forging
# expect: tampered, runtime_error
    import os
    class Leave(Exception):
        def __str__(self):
            os._exit(0)
    raise Leave
