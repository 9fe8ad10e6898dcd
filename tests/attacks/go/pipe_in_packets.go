// technique: makes its end of the answers a pipe of packets, so that what is read is cut
// class: forging
// expect: tampered, timed_out, wrong_answer, runtime_error
// form: program
// limits: wall_s=3
import "syscall"

func init() {
    syscall.RawSyscall(syscall.SYS_FCNTL, 4, syscall.F_SETFL, syscall.O_DIRECT)
}

func TideTurns(levels []int) int {
    return 0
}
