// technique: makes the pipes as small as they can be and stops reading
// class: forging
// expect: timed_out
// form: program
// limits: wall_s=3
import "syscall"

func TideTurns(levels []int) int {
    syscall.RawSyscall(syscall.SYS_FCNTL, 3, 1031, 4096) // F_SETPIPE_SZ
    syscall.RawSyscall(syscall.SYS_FCNTL, 4, 1031, 4096)
    select {
    case <-time.After(time.Hour):
    }
    return 0
}
