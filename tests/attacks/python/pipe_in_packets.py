# technique: its end of the answers is a pipe of packets, so that what is read is cut
# class: forging
# expect: tampered, timed_out, wrong_answer, runtime_error
# limits: wall_s=2
    import fcntl, os
    fcntl.fcntl(4, fcntl.F_SETFL, os.O_DIRECT)
    return 0
