// why: large tables of which the declaration sets some entries, and no variable that begins as zero
// form: program
var composite = [3000001]bool{0: true, 1: true}

var words = [200000]string{1: "one", 199999: "last"}

func TideTurns(levels []int) int {
    composite[4], words[2] = true, words[199999]
    if !composite[1] || composite[3000000] || words[1] != "one" || words[199998] != "" {
        return -1
    }
@loop@
    return turns * len(words[2]) / 4
}
