// technique: sends other arguments back than it was given, which nobody asked for
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    message := []byte{0, 0, 0, 0, 'V', 1, 0, 0, 0, 'i', 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'l', byte(len(levels)), 0, 0, 0}
    for range levels {
        message = append(message, 'i', 0, 0, 0, 0, 0, 0, 0, 0)
    }
    message[0] = byte(len(message) - 4)
    syscall.Write(4, message)
    return 2
}
