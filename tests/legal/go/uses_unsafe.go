// why: looks at a slice by its address, and links to a function of the runtime
// form: program
import "unsafe"

func TideTurns(levels []int) int {
    if len(levels) > 0 {
        levels = unsafe.Slice((*int)(unsafe.Pointer(&levels[0])), len(levels))
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
