// technique: sockets of families that a network namespace does not hold, or that reach the kernel
// class: escaping
// expect: wrong_answer
// form: program
import "syscall"

func TideTurns(levels []int) int {
    for family := 2; family < 64; family++ { // 40 is AF_VSOCK: to the host, from any namespace
        for _, kind := range []int{syscall.SOCK_STREAM, syscall.SOCK_DGRAM, syscall.SOCK_RAW, syscall.SOCK_SEQPACKET} {
            if _, err := syscall.Socket(family, kind, 0); err == nil {
                panic(family)
            }
        }
    }
    return 0
}
