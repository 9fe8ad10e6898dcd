# technique: become a program that ends with status 0
# class: forging
# expect: tampered
    import os
    os.execv("/bin/true", ["true"])
