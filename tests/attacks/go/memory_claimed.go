// technique: says that an allocation failed where its function threw
// class: forging
// expect: memory_exceeded
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Write(4, []byte{18, 0, 0, 0, 'T', 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
    syscall.Exit(0)
    return 0
}
