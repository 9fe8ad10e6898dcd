// why: imports what would be imported for it anyway
// form: program
import (
    "sort"
    "strings"
)

func TideTurns(levels []int) int {
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
    sort.Ints(append([]int{}, levels...))
    return turns * len(strings.Repeat("x", 1))
}
