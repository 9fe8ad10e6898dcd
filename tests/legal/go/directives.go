// why: functions with directives of the compiler
// form: program

func TideTurns(levels []int) int {
    levels = kept(levels)
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

//go:noinline
//go:nosplit
func kept(levels []int) []int { return levels }
