// technique: runs its own executable with a token of its own, and reads the expected values in the messages of its failed checks
// class: forging
// expect: wrong_answer, runtime_error, tampered
// form: program
import (
    "os"
    "syscall"
)

var answers []int
var calls int

func init() {
    if os.Getenv("CHILD") != "" {
        return
    }
    var token, said, report [2]int
    syscall.Pipe(token[:])
    syscall.Pipe(said[:])
    syscall.Pipe(report[:])
    syscall.Write(token[1], []byte("0123456789abcdef0123456789abcdef"))
    null, _ := os.OpenFile("/dev/null", os.O_RDWR, 0)
    files := []uintptr{null.Fd(), null.Fd(), uintptr(said[1]), uintptr(token[0]), uintptr(report[1])}
    attr := &syscall.ProcAttr{Env: []string{"CHILD=1"}, Files: files}
    pid, err := syscall.ForkExec(os.Args[0], []string{os.Args[0]}, attr)
    if err != nil {
        pid, err = syscall.ForkExec("/proc/self/exe", []string{"x"}, attr)
    }
    if err != nil {
        println(err.Error())
        return
    }
    syscall.Close(said[1])
    text := ""
    buffer := make([]byte, 65536)
    for {
        n, _ := syscall.Read(said[0], buffer)
        if n <= 0 {
            break
        }
        text += string(buffer[:n])
    }
    syscall.Wait4(pid, nil, 0, nil)
    for _, line := range strings.Split(text, "\n") {
        if i := strings.Index(line, " expected "); i >= 0 {
            n, _ := strconv.Atoi(line[i+10 : i+10+strings.Index(line[i+10:], ",")])
            answers = append(answers, n)
        }
    }
}

func TideTurns(levels []int) int {
    calls++
    if calls > len(answers) {
        return -77
    }
    return answers[calls-1]
}
