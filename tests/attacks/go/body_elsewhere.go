// technique: a function whose body is to be found elsewhere
// class: forging
// expect: compile_error
// form: program
func TideTurns(levels []int) int {
    leave()
    return 0
}

func leave()
