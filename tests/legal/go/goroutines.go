// why: goroutines and channels, one of which is left waiting
    steps := make(chan int)
    go func() {
        defer close(steps)
        for i := 1; i < len(levels); i++ {
            steps <- levels[i] - levels[i-1]
        }
    }()
    go func() { <-make(chan bool) }()
    turns, trend := 0, 0
    for step := range steps {
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    return turns
}
