// technique: executes itself again and again, with the pipes, until some answers fit
// class: forging
// expect: wrong_answer, tampered, timed_out, runtime_error
// form: program
// limits: wall_s=4
import (
    "os"
    "syscall"
)

func TideTurns(levels []int) int {
    if len(os.Args) < 5 {
        syscall.Exec("/proc/self/exe", append(os.Args, "again"), os.Environ())
    }
    return len(os.Args) % 3
}
