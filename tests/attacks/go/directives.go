// technique: functions that the stack, the race detector and the escape analysis do not see
// class: forging
// expect: wrong_answer, runtime_error, timed_out, tampered
// limits: cpu_s=1 wall_s=6
// form: program
import "unsafe"

//go:nosplit
//go:noinline
//go:norace
//go:nocheckptr
func climb(from *int, by uintptr) *int {
    return (*int)(unsafe.Add(unsafe.Pointer(from), by))
}

//go:noescape
//go:linkname memmove runtime.memmove
func memmove(to, from unsafe.Pointer, n uintptr)

//go:linkname checkptr runtime.checkptrAlignment
func checkptr()

func TideTurns(levels []int) int {
    here := 0
    for by := uintptr(0); by < 1<<12; by += 8 {
        if found := climb(&here, by); *found == len(levels) {
            *found = 0
        }
    }
    return here
}
