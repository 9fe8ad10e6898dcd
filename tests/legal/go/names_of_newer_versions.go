// why: helpers named like functions that Go has, or has had since a later version
    return max(count(levels), min(0, abs(0)))
}

func max(a, b int) int {
    if a > b {
        return a
    }
    return b
}

func min(a, b int) int { return -max(-a, -b) }

func abs(a int) int { return max(a, -a) }

func clear(of []int) {}

type any = interface{}

func copy(of []int) []int { return append([]int{}, of...) }

func count(levels []int) int {
    levels = copy(levels)
    clear(nil)
    var _ any
@loop@
    return turns
}
