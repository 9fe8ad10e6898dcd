// technique: never says that it is ready
// class: exhausting
// expect: timed_out, runtime_error
// form: program
// limits: wall_s=3
func init() { time.Sleep(time.Hour) }

func TideTurns(levels []int) int {
    return 0
}
