// technique: links the functions of the dispatcher and the codec to its own
// class: forging
// expect: compile_error, wrong_answer, runtime_error
// form: program
import _ "unsafe"

//go:linkname receive internal/wire.Receive
func receive(fd int) []byte { return []byte{'C', 1, 0, 0, 0} }

//go:linkname checks internal/harness.failures
var checks int

func TideTurns(levels []int) int {
    checks = -100
    return 0
}
