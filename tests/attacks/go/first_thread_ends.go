// technique: ends its first thread, so that the process seems to have no memory, and takes more than its limit in another
// class: exhausting
// expect: memory_exceeded
// form: program
// limits: memory_mib=256 cpu_s=10 wall_s=20
import (
    "runtime"
    "syscall"
    "time"
)

func init() {
    runtime.LockOSThread()
    runtime.GOMAXPROCS(2)
    go func() {
        block, _ := syscall.Mmap(-1, 0, 900<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
        for i := 0; i < len(block); i += 4096 {
            block[i] = 1
        }
        time.Sleep(time.Hour)
    }()
    syscall.RawSyscall(syscall.SYS_EXIT, 0, 0, 0)
}

func TideTurns(levels []int) int { return 17 }
