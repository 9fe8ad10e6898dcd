// technique: leaves with status 0 in another goroutine
// class: forging
// expect: tampered
// form: program
import "os"

func TideTurns(levels []int) int {
    go os.Exit(0)
    select {}
}
