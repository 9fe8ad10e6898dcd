# technique: outputs closed and replaced
# class: forging
# expect: wrong_answer, runtime_error, tampered
    import io, os, sys
    sys.stdout.close()
    sys.stdout = sys.stderr = io.StringIO()
    os.closerange(0, 256)
    return -1
