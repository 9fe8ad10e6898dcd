// technique: panics with an error whose text panics, ends the goroutine, or never comes
// class: forging
// expect: runtime_error, timed_out, tampered
// form: program
// limits: wall_s=3
import "runtime"

type worse struct{}

func (worse) Error() string {
    runtime.Goexit()
    panic(worse{})
}

func TideTurns(levels []int) int {
    panic(worse{})
}
