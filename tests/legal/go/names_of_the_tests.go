// why: has a test of the name that the tests use, and types named as what they import
// form: program
import "testing"

func TideTurns(levels []int) int {
@loop@
    return turns
}

type assert struct{}

func (assert) Equal(a, b int) bool { return a == b }

func TestTideTurns(t *testing.T) {
    if !(assert{}).Equal(2, TideTurns([]int{1, 2, 1, 2})) {
        t.Fatal("no")
    }
}
