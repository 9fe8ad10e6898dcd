// technique: leaves with status 0 in init
// class: forging
// expect: tampered
// form: program
import "syscall"

func init() { syscall.Exit(0) }

func TideTurns(levels []int) int {
    return 0
}
