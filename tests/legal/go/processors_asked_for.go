// why: asks for more processors than it gets
// form: program
import "runtime"

func TideTurns(levels []int) int {
    runtime.GOMAXPROCS(runtime.NumCPU())
@loop@
    return turns
}
