// technique: a hundred thousand empty files
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded, wrong_answer
// form: program
// limits: cpu_s=3 wall_s=6
import "os"

func init() {
    for n := 0; n < 100000; n++ {
        file, err := os.Create(fmt.Sprint("f", n))
        if err != nil {
            panic(err)
        }
        file.Close()
    }
}

func TideTurns(levels []int) int {
    return 0
}
