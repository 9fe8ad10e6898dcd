// technique: panics in goroutines and recovers whatever it can
// class: forging
// expect: wrong_answer
    done := make(chan int)
    go func() {
        defer func() { recover(); done <- 0 }()
        var none []int
        _ = none[levels[0]]
    }()
    return <-done
}
