// why: waits by looking again and again
    done := make(chan int, 1)
    go func() { done <- 1 }()
    for len(done) == 0 {
    }
@loop@
    return turns
}
