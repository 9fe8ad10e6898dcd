// technique: imports a package that is internal to the standard library
// class: forging
// expect: compile_error
// form: program
import "internal/reflectlite"

func TideTurns(levels []int) int {
    return int(reflectlite.ValueOf(levels).Kind())
}
