// technique: announces a message of four gigabytes
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Write(4, []byte{255, 255, 255, 255, 'V', 1, 0, 0, 0})
    return 0
}
