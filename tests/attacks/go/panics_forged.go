// technique: panics with what looks like an exception of the tests' own
// class: forging
// expect: runtime_error
// form: program
import "errors"

type Broken string

type Refused struct {
    Claims bool
    Kind   string
}

func TideTurns(levels []int) int {
    switch len(levels) % 3 {
    case 0:
        panic(Broken("done"))
    case 1:
        panic(errors.New("\n" + strings.Repeat("0", 32) + " done checks=14 failures=0\n"))
    }
    panic(Refused{})
}
