// technique: takes every limit of its own away, so that the dispatcher fails in its own way
// class: forging
// expect: runtime_error, tampered, timed_out, wrong_answer, memory_exceeded
// form: program
// limits: wall_s=4
import "syscall"

func TideTurns(levels []int) int {
    for which := 0; which < 16; which++ {
        if which != syscall.RLIMIT_CPU {
            syscall.Setrlimit(which, &syscall.Rlimit{})
        }
    }
    return 0
}
