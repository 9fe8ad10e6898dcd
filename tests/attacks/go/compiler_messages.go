// technique: line directives that name a file of the host, for the compiler to quote
// class: escaping
// expect: compile_error
//line @FILE@:1
    return undefined
}
