// technique: says that its source is no program, that its top level threw, that the runtime failed
// class: forging
// expect: compile_error, tampered, runtime_error, wrong_answer
// form: program
import "syscall"

func init() {
    syscall.Write(4, []byte{10, 0, 0, 0, 'E', 5, 0, 0, 0, 'f', 'a', 'u', 'l', 't'})
    syscall.Write(4, []byte("!fault\n"))
    syscall.Write(2, []byte("!fault\nfatal error: harness\n"))
    syscall.Exit(125)
}

func TideTurns(levels []int) int {
    return 0
}
