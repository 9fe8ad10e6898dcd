// why: a local variable named like a package that is imported where it is used
    time := struct{ turns int }{}
@loop@
    time.turns = turns
    return time.turns
}
