// technique: a directive of cgo that imports a symbol
// class: forging
// expect: wrong_answer, compile_error
// form: program
func TideTurns(levels []int) int {
    return 0
}

//go:cgo_import_dynamic exit exit "libc.so.6"
var exit byte
