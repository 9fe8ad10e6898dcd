// why: a constant behind a comment
@loop@
    return turns * one
}

// one is one.
const one = 1
