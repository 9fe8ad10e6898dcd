// technique: a main that does nothing
// class: forging
// expect: wrong_answer
// form: program
func TideTurns(levels []int) int {
    return 0
}

func main() {}
