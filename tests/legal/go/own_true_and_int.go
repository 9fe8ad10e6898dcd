// why: declares names of Go's own that the tests use
// form: program

func TideTurns(levels []int) int {
    turns, trend := 0, 0
    for i := 1; i < len(levels); i++ {
        step := levels[i] - levels[i-1]
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    return turns
}

const true = 1 == 1

func len(x []int) (n int) {
    for range x {
        n++
    }
    return n
}

type string []rune
