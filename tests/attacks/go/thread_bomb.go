// technique: threads without end
// class: exhausting
// expect: runtime_error, timed_out, memory_exceeded
// form: program
// limits: cpu_s=2 wall_s=4
import "runtime"

func TideTurns(levels []int) int {
    for {
        go func() {
            runtime.LockOSThread()
            time.Sleep(time.Hour)
        }()
        runtime.Gosched()
    }
}
