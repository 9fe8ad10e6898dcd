// why: declares names of Go's own that the tests do not use
    return int(copy(levels))
}

type uint8 struct{}

const iota = 3

func copy(levels []int) int64 {
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
    return int64(turns)
}
