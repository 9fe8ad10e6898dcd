// technique: ends the test's goroutine
// class: forging
// expect: runtime_error, wrong_answer
// form: program
import "runtime"

func TideTurns(levels []int) int {
    runtime.Goexit()
    return 0
}
