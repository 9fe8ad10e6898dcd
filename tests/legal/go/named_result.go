// why: a result of its own name for what the problem declares
// form: program
// task: fresh-0
type Turns = int

func TideTurns(levels []Turns) (turns Turns) {
    trend := 0
    for i := 1; i < len(levels); i++ {
        step := levels[i] - levels[i-1]
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    return
}
