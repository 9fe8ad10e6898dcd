// why: looks at a slice by its address, and links to a function of the runtime
// form: program
import "unsafe"

func TideTurns(levels []int) int {
    if len(levels) > 0 {
        levels = unsafe.Slice((*int)(unsafe.Pointer(&levels[0])), len(levels))
    }
@loop@
    return turns
}
