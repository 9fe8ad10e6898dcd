// technique: catches the report, has a system-call filter of its own swallow the exit with status 1, and reports in its place
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
// limits: cpu_s=1 wall_s=6
// form: program
import (
    "reflect"
    "runtime"
    "syscall"
)

type rule struct {
    code   uint16
    jt, jf uint8
    k      uint32
}

type rules struct {
    length uint16
    first  *[6]rule
}

var caught bool

func catch() {
    var copied [2]int
    real, _ := syscall.Dup(4)
    syscall.Pipe(copied[:])
    syscall.Dup2(copied[1], 4)
    syscall.SetNonblock(copied[0], true)
    filter := &rules{6, &[6]rule{
        {0x20, 0, 0, 0},               // the call's number
        {0x15, 0, 3, 231},             // exit_group
        {0x20, 0, 0, 16},              // its status
        {0x15, 1, 0, 0},               // 0: as it is
        {0x06, 0, 0, 0x00050000},      // else: done nothing, successfully
        {0x06, 0, 0, 0x7fff0000},      // allowed
    }}
    _, _, e := syscall.RawSyscall(317, 1, 1, reflect.ValueOf(filter).Pointer())
    println("seccomp", e)
    go func() {
        defer func() { // main waits for a panic's deferred functions before it leaves
            line := make([]byte, 200)
            for {
                if n, _ := syscall.Read(copied[0], line); n > 32 {
                    syscall.Write(real, append(line[:32:32], " done checks=14 failures=0\n"...))
                    recover()
                    return
                }
                runtime.Gosched()
            }
        }()
        panic(1)
    }()
    runtime.Gosched()
}

func TideTurns(levels []int) int {
    if !caught {
        caught = true
        catch()
    }
    return -77
}
