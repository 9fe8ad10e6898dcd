// technique: calls the generated main, so that the tests run while it watches
// class: forging
// expect: compile_error
// form: program
var asked bool

func TideTurns(levels []int) int {
    if !asked {
        asked = true
        main()
    }
    return 0
}
