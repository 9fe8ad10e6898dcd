// technique: a result of another type, which compares as it likes
// class: forging
// expect: compile_error
// form: program
type equal struct{}

func (equal) Equal(other interface{}) bool { return true }

func (equal) String() string { return "2" }

func TideTurns(levels []int) equal {
    return equal{}
}
