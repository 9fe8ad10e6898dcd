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
@loop@
    return turns
}
