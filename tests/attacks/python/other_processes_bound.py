# technique: limits, priorities, processors and signals by descriptor for every other process
# class: escaping
# expect: wrong_answer, runtime_error
    import os, resource, signal
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in (1, os.getpid()):
            continue
        pid = int(name)
        for way in (
            lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0)),
            lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
            lambda: os.sched_setaffinity(pid, [0]),
            lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
            lambda: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGSTOP),
        ):
            try:
                way()
                raise SystemExit(3)
            except OSError:
                pass
    return -1
