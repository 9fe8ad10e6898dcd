// technique: stops itself
// class: exhausting
// expect: timed_out
// form: program
// limits: wall_s=2
import "syscall"

func TideTurns(levels []int) int {
    syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
    return 0
}
