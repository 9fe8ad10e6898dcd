// technique: loops without end
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=5
    for {
        levels = append(levels[:0], 1)
    }
}
