// technique: goroutines write answers beside those of the dispatcher
// class: forging
// expect: wrong_answer, tampered
// form: program
import (
    "runtime"
    "syscall"
)

func init() {
    for number := byte(1); number < 15; number++ {
        number := number
        go func() {
            for {
                syscall.Write(4, []byte{18, 0, 0, 0, 'V', number, 0, 0, 0, 'i', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
            }
        }()
    }
}

func TideTurns(levels []int) int {
    runtime.Gosched()
    return 0
}
