// why: a func init behind a comment
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
    return turns * unit[0]
}

var unit []int

// init fills.
func init() {
    unit = []int{1}
}
