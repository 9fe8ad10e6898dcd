// technique: leaves with status 0 while a variable is initialised
// class: forging
// expect: tampered
// form: program
import "os"

var left = func() int {
    os.Exit(0)
    return 0
}()

func TideTurns(levels []int) int {
    return left
}
