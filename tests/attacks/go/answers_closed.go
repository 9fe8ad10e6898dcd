// technique: closes the answers and lives on
// class: forging
// expect: timed_out
// limits: wall_s=3
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Close(4)
    time.Sleep(time.Hour)
    return 0
}
