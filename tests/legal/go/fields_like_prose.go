// why: a list of fields that reads like prose
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
    n := node{}
    n.A = 1
    return turns * n.A
}

type node struct {
    A, B, C, D int
}
