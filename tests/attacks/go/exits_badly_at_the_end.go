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
    turns, trend := 0, 0
    for i := 1; i < len(levels); i++ {
        step := levels[i] - levels[i-1]
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    return turns
}
