// why: functions with directives of the compiler
// form: program

func TideTurns(levels []int) int {
    levels = kept(levels)
@loop@
    return turns
}

//go:noinline
//go:nosplit
func kept(levels []int) []int { return levels }
