// why: makes a file and a folder wherever temporary ones belong
// form: program
import "os"

func TideTurns(levels []int) int {
    file, err := os.CreateTemp("", "x")
    if err != nil {
        panic(err)
    }
    defer os.Remove(file.Name())
    fmt.Fprint(file, len(levels))
    folder, err := os.MkdirTemp("", "y")
    if err != nil {
        panic(err)
    }
    defer os.RemoveAll(folder)
@loop@
    return turns
}
