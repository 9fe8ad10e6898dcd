// technique: answers rightly and ends with another status, which a library could hide
// class: forging
// expect: runtime_error
// form: program
import "os"

func init() {
    go func() {
        for {
            time.Sleep(time.Millisecond)
            if calls == 14 {
                os.Exit(3)
            }
        }
    }()
}

var calls int

func TideTurns(levels []int) int {
    calls++
    if calls == 14 {
        os.Exit(3)
    }
@loop@
    return turns
}
