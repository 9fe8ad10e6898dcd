// technique: a type bool of its own
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-4
    return 0
}

type bool struct{}
