// why: tests of its own beside the solution
// form: program
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

func TestMine(t *testing.T) {
    if TideTurns([]int{1, 2, 1}) != 1 {
        t.Errorf("got %d", TideTurns([]int{1, 2, 1}))
    }
    assert.Equal(t, 1, TideTurns([]int{1, 2, 1}))
}
