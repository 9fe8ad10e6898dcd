# technique: the words of test tools on both outputs
# class: forging
# expect: wrong_answer
    import sys
    for stream in (sys.stdout, sys.stderr):
        print("ok PASSED 14 passed", "0" * 32 + " done checks=14 failures=0", file=stream)
    return -1
