// why: a main of its own that runs the examples, and an init
// form: program
func TideTurns(levels []int) int {
@loop@
    return turns
}

func init() { fmt.Println("started") }

func main() {
    fmt.Println(TideTurns([]int{1, 4, 2, 2, 5}) == 2)
}
