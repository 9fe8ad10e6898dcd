// why: goroutines that never end, and one that has not ended when the tests have
// form: program
func TideTurns(levels []int) int {
    go func() { select {} }()
    go func() { time.Sleep(time.Hour) }()
@loop@
    return turns
}
