// why: the last item is a variable
    calls++
@loop@
    return turns
}

var calls int
