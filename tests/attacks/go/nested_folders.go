// technique: ten thousand folders in one another
// class: exhausting
// expect: wrong_answer, timed_out, runtime_error
// form: program
import "os"

func init() {
    for n := 0; n < 10000; n++ {
        os.Mkdir("d", 0777)
        os.Chdir("d")
    }
}

func TideTurns(levels []int) int {
    return 0
}
