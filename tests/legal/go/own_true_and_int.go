// why: declares names of Go's own that the tests use
// form: program

func TideTurns(levels []int) int {
@loop@
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
