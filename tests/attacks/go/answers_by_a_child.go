// technique: a child goes on answering when the program has left with status 0
// class: forging
// expect: tampered, wrong_answer
// form: program
import (
    "os"
    "os/exec"
)

func init() {
    if len(os.Args) > 1 {
        return
    }
    self, _ := os.Executable()
    child := exec.Command(self, "child")
    child.ExtraFiles = []*os.File{os.NewFile(3, ""), os.NewFile(4, "")}
    child.Start()
    os.Exit(0)
}

func TideTurns(levels []int) int {
    return 0
}
