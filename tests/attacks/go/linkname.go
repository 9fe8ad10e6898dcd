// technique: links a variable of its own to the counts
// class: forging
// expect: wrong_answer, compile_error
// form: program
import _ "unsafe"

//go:linkname failures harness.failures
var failures int64

func TideTurns(levels []int) int {
    failures = -100
    return 0
}
