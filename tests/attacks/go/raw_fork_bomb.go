// technique: a fork bomb by system calls
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded
// form: program
// limits: cpu_s=1 wall_s=3
import "syscall"

func TideTurns(levels []int) int {
    for {
        syscall.RawSyscall(syscall.SYS_FORK, 0, 0, 0)
    }
}
