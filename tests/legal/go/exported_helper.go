// why: a helper that is exported, behind a comment
    return Count(levels)
}

// Count counts.
func Count(levels []int) int {
@loop@
    return turns
}
