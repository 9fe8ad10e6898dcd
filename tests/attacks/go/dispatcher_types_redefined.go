// technique: declares what the dispatcher takes for the codec and for types
// class: forging
// expect: compile_error
// form: program
type harness_answer struct{}

func (harness_answer) Serve() {}

func TideTurns(levels []int) int {
    return 0
}
