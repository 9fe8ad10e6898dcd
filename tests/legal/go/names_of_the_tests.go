// why: has a test of the name that the tests use, and types named as what they import
// form: program
import "testing"

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
    return turns
}

type assert struct{}

func (assert) Equal(a, b int) bool { return a == b }

func TestTideTurns(t *testing.T) {
    if !(assert{}).Equal(2, TideTurns([]int{1, 2, 1, 2})) {
        t.Fatal("no")
    }
}
