// technique: a daemon in a session of its own that holds stdout open and ignores signals
// class: exhausting
// expect: wrong_answer, timed_out
// form: program
// limits: wall_s=3
import "syscall"

func init() {
    words := []string{"/bin/sh", "-c", "trap '' TERM HUP INT; while :; do sleep 1000; done"}
    syscall.ForkExec(words[0], words, &syscall.ProcAttr{Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setsid: true}})
}

func TideTurns(levels []int) int {
    return 0
}
