// technique: sends an answer to every question before it is asked
// class: forging
// expect: wrong_answer, tampered, runtime_error, timed_out
// form: program
import "syscall"

func init() {
    syscall.Write(4, []byte{1, 0, 0, 0, 'R'})
    for number := byte(1); number < 200; number++ {
        syscall.Write(4, []byte{18, 0, 0, 0, 'V', number, 0, 0, 0, 'i', 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
    }
}

func TideTurns(levels []int) int {
    return 0
}
