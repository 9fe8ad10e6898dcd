// why: a list of names, a line of which reads like prose
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
    return turns * len(all) / 4
}

type side int

const (
    North side = iota
    East
    South
    West
)

var all = []side{
    North, East, South, West,
}
