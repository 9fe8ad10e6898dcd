// technique: imports the package that counts
// class: forging
// expect: compile_error
// form: program
import "harness"

func TideTurns(levels []int) int {
    harness.Report()
    return 0
}
