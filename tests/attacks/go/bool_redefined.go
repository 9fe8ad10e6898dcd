// technique: a type bool of its own
// class: forging
// expect: tampered, compile_error
// task: fresh-4
    return 0
}

type bool struct{}
