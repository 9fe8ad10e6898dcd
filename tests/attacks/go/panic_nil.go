// technique: a panic of nothing
// class: forging
// expect: runtime_error
    panic(nil)
}
