// technique: blocks every signal and loops
// class: exhausting
// expect: timed_out
// form: program
// limits: cpu_s=1 wall_s=5
import "syscall"

func TideTurns(levels []int) int {
    syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: 1 << 40, Max: 1 << 40})
    for {
        syscall.Getpid()
    }
}
