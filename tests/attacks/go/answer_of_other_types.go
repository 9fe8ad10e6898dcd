// technique: answers with a text, a float, true, nil, and a type of its own name where an int is declared
// class: forging
// expect: tampered
// form: program
import "syscall"

func TideTurns(levels []int) int {
    body := [][]byte{{'d', 0, 0, 0, 0, 0, 0, 0, 64}, {'t'}, {'n'}, {'k', 3, 'i', 'n', 't', 'i', 2, 0, 0, 0, 0, 0, 0, 0}}[len(levels)%4]
    message := append(append([]byte{0, 0, 0, 0, 'V', 1, 0, 0, 0}, body...), 0, 0, 0, 0)
    message[0] = byte(len(message) - 4)
    syscall.Write(4, message)
    return 0
}
