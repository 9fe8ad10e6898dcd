// technique: a type named testing
// class: forging
// expect: compile_error
    return 0
}

type testing struct{ T int }
