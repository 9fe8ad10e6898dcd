// technique: fills the scratch folder with files as large as they may be
// class: exhausting
// expect: runtime_error, timed_out, output_exceeded, memory_exceeded
// form: program
import "os"

func TideTurns(levels []int) int {
    block := make([]byte, 15<<20)
    for n := 0; ; n++ {
        if err := os.WriteFile(fmt.Sprint("big", n), block, 0666); err != nil {
            panic(err)
        }
    }
}
