// technique: gives pages of its own memory to the pipe and changes them while they are read
// class: forging
// expect: wrong_answer, tampered, runtime_error, timed_out
// form: program
// limits: wall_s=5
import (
    "syscall"
    "unsafe"
)

var page []byte

func init() {
    page, _ = syscall.Mmap(-1, 0, 4096, 3, 0x22)
    go func() {
        for value := byte(0); ; value++ {
            page[10] = value % 5
        }
    }()
}

func TideTurns(levels []int) int {
    number++
    copy(page, []byte{18, 0, 0, 0, 'V', number, 0, 0, 0, 'i', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
    vector := syscall.Iovec{Base: &page[0], Len: 22}
    syscall.Syscall6(syscall.SYS_VMSPLICE, 4, uintptr(unsafe.Pointer(&vector)), 1, 8, 0, 0)
    var next [4096]byte
    for {
        if n, _ := syscall.Read(3, next[:]); n <= 0 {
            break
        }
        number++
        page[5] = number
        syscall.Syscall6(syscall.SYS_VMSPLICE, 4, uintptr(unsafe.Pointer(&vector)), 1, 8, 0, 0)
    }
    syscall.Exit(0)
    return 0
}

var number byte
