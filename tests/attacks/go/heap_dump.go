// technique: a dump of the heap, to look for the token
// class: forging
// expect: wrong_answer
// form: program
import (
    "os"
    "runtime/debug"
)

func TideTurns(levels []int) int {
    file, _ := os.Create("heap")
    debug.WriteHeapDump(file.Fd())
    return 0
}
