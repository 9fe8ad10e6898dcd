// why: handles signals, and sends itself some
// form: program
import (
    "os"
    "os/signal"
    "syscall"
)

func TideTurns(levels []int) int {
    signals := make(chan os.Signal, 1)
    signal.Notify(signals, syscall.SIGUSR1, syscall.SIGSEGV)
    signal.Ignore(syscall.SIGTERM)
    syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
    syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
    if <-signals != syscall.SIGUSR1 {
        return -1
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
    return turns
}
