// technique: becomes a harmless program
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    syscall.Exec("/bin/true", []string{"true"}, nil)
    return 0
}
