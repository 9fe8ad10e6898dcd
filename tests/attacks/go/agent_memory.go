// technique: traces, reads and writes other processes
// class: escaping
// expect: wrong_answer
// form: program
import (
    "os"
    "syscall"
)

func TideTurns(levels []int) int {
    for pid := 1; pid < 2000; pid++ {
        if pid == os.Getpid() {
            continue
        }
        if syscall.PtraceAttach(pid) == nil {
            fmt.Println("traced", pid)
        }
        if file, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0); err == nil {
            fmt.Println("open", file.Name())
        }
    }
    return 0
}
