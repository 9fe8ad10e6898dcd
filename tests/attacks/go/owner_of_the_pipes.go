// technique: makes the process of its tests the owner of the pipes, so that a signal comes to it with every byte
// class: forging
// expect: wrong_answer, timed_out, runtime_error
// form: program
// limits: wall_s=5
import (
    "path/filepath"
    "syscall"
)

func TideTurns(levels []int) int {
    folders, _ := filepath.Glob("/proc/[0-9]*")
    for _, folder := range folders {
        pid, _ := strconv.Atoi(filepath.Base(folder))
        for _, fd := range []uintptr{3, 4} {
            syscall.RawSyscall(syscall.SYS_FCNTL, fd, syscall.F_SETOWN, uintptr(pid))
            syscall.RawSyscall(syscall.SYS_FCNTL, fd, 10, uintptr(syscall.SIGKILL)) // F_SETSIG
            syscall.RawSyscall(syscall.SYS_FCNTL, fd, syscall.F_SETFL, syscall.O_ASYNC)
        }
    }
    syscall.RawSyscall(syscall.SYS_FCNTL, 3, syscall.F_SETFL, 0)
    return 0
}
