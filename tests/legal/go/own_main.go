// why: a main of its own that runs the examples, and an init
// form: program
func TideTurns(levels []int) int {
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

func init() { fmt.Println("started") }

func main() {
    fmt.Println(TideTurns([]int{1, 4, 2, 2, 5}) == 2)
}
