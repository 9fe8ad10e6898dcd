// technique: imports the names of the tests' packages into its own, and shadows one
// class: forging
// expect: compile_error
// form: program
import . "github.com/stretchr/testify/assert"

func TideTurns(levels []int) int {
    return 0
}

func New(t TestingT) *Assertions { return nil }
