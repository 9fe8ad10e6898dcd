// why: tests of its own beside the solution
// form: program
func TideTurns(levels []int) int {
@loop@
    return turns
}

func TestMine(t *testing.T) {
    if TideTurns([]int{1, 2, 1}) != 1 {
        t.Errorf("got %d", TideTurns([]int{1, 2, 1}))
    }
    assert.Equal(t, 1, TideTurns([]int{1, 2, 1}))
}
