// technique: a child keeps the report's pipe, reads the token from a copy and reports in its place
// class: forging
// expect: runtime_error, timed_out, tampered
// limits: cpu_s=1 wall_s=6
// form: program
import (
    "os"
    "syscall"
)

var ballast []byte

func init() {
    script := "while :; do read token rest < report && [ -n \"$token\" ] && echo \"$token done checks=14 failures=0\" >&4 && exit; done"
    os.WriteFile("report", nil, 0666)
    files := []uintptr{0, 1, 2, 0, 4}
    syscall.ForkExec("/bin/sh", []string{"sh", "-c", script}, &syscall.ProcAttr{Files: files})
    file, _ := os.OpenFile("report", os.O_WRONLY, 0)
    syscall.Dup2(int(file.Fd()), 4)
    ballast = make([]byte, 400<<20)
    for i := 0; i < len(ballast); i += 4096 {
        ballast[i] = 1
    }
    time.Sleep(100 * time.Millisecond)
}

func TideTurns(levels []int) int {
    return 0
}
