# technique: threads without end
# class: exhausting
# expect: timed_out, runtime_error, memory_exceeded
# limits: cpu_s=1 wall_s=3
    import threading, time
    while True:
        try:
            threading.Thread(target=time.sleep, args=(1000,)).start()
        except RuntimeError:
            pass
