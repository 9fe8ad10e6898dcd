// why: a list of names, a line of which reads like prose
@loop@
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
