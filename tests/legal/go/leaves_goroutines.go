// why: goroutines that never end, and one that has not ended when the tests have
// form: program
func TideTurns(levels []int) int {
    go func() { select {} }()
    go func() { time.Sleep(time.Hour) }()
    turns, trend := 0, 0
    for i := 1; i < len(levels); i++ {
        step := levels[i] - levels[i-1]
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    return turns
}
