// technique: one file without end
// class: exhausting
// expect: output_exceeded, runtime_error
// form: program
import "os"

func TideTurns(levels []int) int {
    file, _ := os.Create("big")
    block := make([]byte, 1<<20)
    for {
        if _, err := file.Write(block); err != nil {
            panic(err)
        }
    }
}
