// technique: writes zeros over all data of the program
// class: forging
// expect: runtime_error, timed_out, wrong_answer, memory_exceeded, tampered
// form: program
import "unsafe"

func TideTurns(levels []int) int {
    for at := uintptr(0x500000); at < 0x600000; at += 8 {
        *(*int64)(unsafe.Pointer(at)) = 0
    }
    return 0
}
