// technique: floods stderr with what a failed check of the tests looks like
// class: exhausting
// expect: output_exceeded
// form: program
import "os"

func TideTurns(levels []int) int {
    for {
        os.Stderr.WriteString("    check 1 (tests.go:3): Equal expected 2, actual 2\n{\"got\": \"2\"}\n")
    }
}
