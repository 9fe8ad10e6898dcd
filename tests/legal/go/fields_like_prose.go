// why: a list of fields that reads like prose
@loop@
    n := node{}
    n.A = 1
    return turns * n.A
}

type node struct {
    A, B, C, D int
}
