// technique: is ready at every question
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Write(4, []byte{1, 0, 0, 0, 'R'})
    return 0
}
