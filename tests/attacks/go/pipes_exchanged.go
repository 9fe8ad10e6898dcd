// technique: gives the questions back as answers
// class: forging
// expect: tampered, timed_out
// form: program
// limits: wall_s=3
import "syscall"

func init() {
    syscall.Write(4, []byte{1, 0, 0, 0, 'R'})
    for {
        if n, _, _ := syscall.RawSyscall6(syscall.SYS_SPLICE, 3, 0, 4, 0, 4096, 0); int(n) <= 0 {
            break
        }
    }
}

func TideTurns(levels []int) int {
    return 0
}
