// technique: opens the other ends of its pipes by /proc, asks itself and reads its own answers
// class: forging
// expect: tampered, timed_out, wrong_answer, runtime_error
// form: program
// limits: wall_s=4
import (
    "os"
    "syscall"
)

func TideTurns(levels []int) int {
    questions, err := os.OpenFile("/proc/self/fd/3", os.O_WRONLY, 0)
    if err == nil {
        questions.Write([]byte{20, 0, 0, 0, 'C', 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'l', 0, 0, 0, 0, 0})
    }
    answers, err := os.OpenFile("/proc/self/fd/4", os.O_RDONLY|syscall.O_NONBLOCK, 0)
    if err == nil {
        answers.Read(make([]byte, 4096))
    }
    return 0
}
