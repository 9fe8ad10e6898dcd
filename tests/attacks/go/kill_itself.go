// technique: dies of a signal without a word
// class: forging
// expect: runtime_error
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
    return 0
}
