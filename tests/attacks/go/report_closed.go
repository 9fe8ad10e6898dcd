// technique: closes every descriptor
// class: forging
// expect: runtime_error, tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    for fd := 0; fd < 64; fd++ {
        syscall.Close(fd)
    }
    return 0
}
