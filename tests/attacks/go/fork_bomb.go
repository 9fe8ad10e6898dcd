// technique: processes that start processes
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded
// form: program
// limits: cpu_s=1 wall_s=3
import "os"

func TideTurns(levels []int) int {
    words := []string{"/bin/sh", "-c", "b() { b | b & b; }; b"}
    for {
        os.StartProcess(words[0], words, &os.ProcAttr{})
    }
}
