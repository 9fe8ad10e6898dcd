// technique: a type named testing
// class: forging
// expect: wrong_answer, compile_error
    return 0
}

type testing struct{ T int }
