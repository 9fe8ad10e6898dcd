// why: a func init behind a comment
@loop@
    return turns * unit[0]
}

var unit []int

// init fills.
func init() {
    unit = []int{1}
}
