// technique: connects to the host by system calls
// class: escaping
// expect: wrong_answer
// form: program
import "syscall"

func TideTurns(levels []int) int {
    for _, host := range [][4]byte{{127, 0, 0, 1}, {0, 0, 0, 0}, {172, 17, 0, 1}, {10, 0, 2, 2}} {
        socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
        if err == nil && syscall.Connect(socket, &syscall.SockaddrInet4{Port: @PORT@, Addr: host}) == nil {
            fmt.Println("connected")
        }
    }
    return 0
}
