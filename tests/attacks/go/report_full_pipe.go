// technique: has the report wait in a full pipe, so that its sender has no processor when it wants to leave, and reports in its place
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
// limits: cpu_s=1 wall_s=6
// form: program
import (
    "reflect"
    "syscall"
)

var caught bool

func catch() {
    var copied [2]int
    real, _ := syscall.Dup(4)
    syscall.Pipe(copied[:])
    syscall.SetNonblock(copied[0], true)
    syscall.SetNonblock(copied[1], true)
    for n := 4096; n > 0; n /= 2 {
        for {
            if _, err := syscall.Write(copied[1], make([]byte, n)); err != nil {
                break
            }
        }
    }
    syscall.SetNonblock(copied[1], false)
    syscall.Dup2(copied[1], 4)
    line := make([]byte, 1<<17)
    at := reflect.ValueOf(line).Pointer()
    go func() {
        time.Sleep(300 * time.Millisecond)
        for { // without a call that gives the processor away
            n, _, e := syscall.RawSyscall(syscall.SYS_READ, uintptr(copied[0]), at, 1<<17)
            if e == 0 && n > 32 && line[n-1] == '\n' {
                start := int(n) - 2
                for start > 0 && line[start-1] != 0 && line[start-1] != '\n' {
                    start--
                }
                said := append(line[start:start+32:start+32], " done checks=14 failures=0\n"...)
                syscall.RawSyscall(syscall.SYS_WRITE, uintptr(real), reflect.ValueOf(said).Pointer(), uintptr(len(said)))
                syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
            }
        }
    }()
}

func TideTurns(levels []int) int {
    if !caught {
        caught = true
        catch()
    }
    return -77
}
