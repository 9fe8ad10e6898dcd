# technique: os._exit(0)
# class: forging
# expect: tampered
    import os
    os._exit(0)
