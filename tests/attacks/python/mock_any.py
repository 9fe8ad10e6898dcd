# technique: unittest.mock.ANY
# class: forging
# expect: tampered
    from unittest.mock import ANY
    return ANY
