// technique: announces a list of four milliards of elements
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Write(4, []byte{14, 0, 0, 0, 'V', 1, 0, 0, 0, 'l', 255, 255, 255, 255, 0, 0, 0, 0})
    return 0
}
