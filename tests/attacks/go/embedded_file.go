// technique: a file of the host in the program, while it is compiled
// class: escaping
// expect: compile_error
// form: program
import _ "embed"

//go:embed @FILE@
var text string

func TideTurns(levels []int) int {
    print(text)
    return 0
}
