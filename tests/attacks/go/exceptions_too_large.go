// technique: throws an exception whose text is larger than a message may be
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Write(4, []byte{18, 0, 0, 4, 'T', 1, 0, 0, 0, 0, 255, 255, 255, 255})
    for {
        if _, err := syscall.Write(4, make([]byte, 1<<20)); err != nil {
            syscall.Exit(0)
        }
    }
}
