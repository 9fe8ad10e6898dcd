// technique: forks by a system call; the parent leaves with status 0, the child goes on
// class: forging
// expect: tampered, wrong_answer
// form: program
import "syscall"

func TideTurns(levels []int) int {
    child, _, _ := syscall.RawSyscall(syscall.SYS_FORK, 0, 0, 0)
    if child != 0 {
        syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
    }
    return 0
}
