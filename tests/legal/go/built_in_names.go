// why: declares names of Go's own that the tests do not use
    return int(copy(levels))
}

type uint8 struct{}

const iota = 3

func copy(levels []int) int64 {
@loop@
    return int64(turns)
}
