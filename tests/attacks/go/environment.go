// technique: prints its own environment and that of every process it can see
// class: escaping
// expect: wrong_answer
// form: program
import "os"

func TideTurns(levels []int) int {
    fmt.Println(os.Environ())
    found, _ := os.ReadDir("/proc")
    for _, one := range found {
        text, _ := os.ReadFile("/proc/" + one.Name() + "/environ")
        fmt.Println(string(text))
    }
    return 0
}
