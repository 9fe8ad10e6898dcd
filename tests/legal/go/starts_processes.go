// why: starts a process and reads what it says
// form: program
import "os/exec"

func TideTurns(levels []int) int {
    said, err := exec.Command("/bin/echo", "-n", "x").Output()
    if err != nil {
        panic(err)
    }
@loop@
    return turns * len(said)
}
