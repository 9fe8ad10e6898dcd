# technique: a thread leaves with status 0
# class: forging
# expect: tampered
    import os, threading, time
    threading.Timer(0.01, os._exit, [0]).start()
    time.sleep(5)
