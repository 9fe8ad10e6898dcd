// why: a local pointer to a type of its own, named like a package
@loop@
    type box struct{ n int }
    strings := &box{turns}
    return strings.n
}
