// technique: answers with a map whose key is a slice
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    key := "k\x0d[]interface {}" + "l\x00\x00\x00\x00"
    body := "V\x01\x00\x00\x00" + "m\x01\x00\x00\x00" + key + "n" + "\x00\x00\x00\x00"
    syscall.Write(4, append([]byte{byte(len(body)), 0, 0, 0}, body...))
    return 0
}
