// why: functions of its own named like newer built-in ones, and a local true
    true := 1
    best := min(0, max(true, 0))
    _ = best
@loop@
    return turns
}

func max(a, b int) int {
    if a > b {
        return a
    }
    return b
}

func min(a, b int) int {
    if a < b {
        return a
    }
    return b
}
