// technique: sleeps
// class: exhausting
// expect: timed_out
// limits: wall_s=2
    time.Sleep(time.Hour)
    return 0
}
