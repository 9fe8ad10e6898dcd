// technique: goroutines without end
// class: exhausting
// expect: memory_exceeded, timed_out
// limits: memory_mib=256
    for {
        go func() { select {} }()
    }
}
