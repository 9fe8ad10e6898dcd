// technique: leaves with status 0 while a child holds the answers open and is silent
// class: forging
// expect: tampered, timed_out, wrong_answer
// form: program
// limits: wall_s=4
import (
    "os"
    "os/exec"
)

func TideTurns(levels []int) int {
    child := exec.Command("/bin/sleep", "100")
    child.ExtraFiles = []*os.File{os.NewFile(3, ""), os.NewFile(4, "")}
    child.Start()
    os.Exit(0)
    return 0
}
