// technique: calls the tests with a T of its own and looks whether they failed
// class: forging
// expect: compile_error
// form: program
func TideTurns(levels []int) int {
    if !asked {
        asked = true
        for answer = 0; answer < 5; answer++ {
            t := new(testing.T)
            TestTideTurns(t)
            if !t.Failed() {
                break
            }
        }
    }
    return answer
}

var asked bool
var answer int
