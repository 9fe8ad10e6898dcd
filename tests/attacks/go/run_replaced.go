// technique: package names of the harness's own main, redefined
// class: forging
// expect: wrong_answer
// form: program
func TideTurns(levels []int) int {
    return 0
}

type run struct{ Test int }

func fmt() {}

func Main(tests interface{}) {}
