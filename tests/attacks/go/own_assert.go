// technique: a package variable named assert
// class: forging
// expect: wrong_answer, compile_error
// form: program
func TideTurns(levels []int) int {
    return 0
}

type assertions struct{}

func (assertions) New(t *testing.T) assertions { return assertions{} }

func (assertions) Equal(expected, actual interface{}) {}

var assert assertions
