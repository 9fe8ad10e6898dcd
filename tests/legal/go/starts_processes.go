// why: starts a process and reads what it says
// form: program
import "os/exec"

func TideTurns(levels []int) int {
    said, err := exec.Command("/bin/echo", "-n", "x").Output()
    if err != nil {
        panic(err)
    }
    turns, trend := 0, 0
    for i := 1; i < len(levels); i++ {
        step := levels[i] - levels[i-1]
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    return turns * len(said)
}
