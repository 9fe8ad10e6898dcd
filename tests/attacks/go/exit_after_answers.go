// technique: leaves with status 0 in the middle of an answer
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Write(4, []byte{18, 0, 0, 0, 'V', 1, 0, 0})
    syscall.Exit(0)
    return 0
}
