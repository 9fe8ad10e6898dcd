// technique: locks and watches on files that all jails share: a way to stop another jail, and to signal to it
// class: escaping
// expect: wrong_answer
// form: program
import "syscall"

func TideTurns(levels []int) int {
    shared, err := syscall.Open("/usr/bin/env", syscall.O_RDONLY, 0)
    if err != nil {
        return 0
    }
    if syscall.Flock(shared, syscall.LOCK_EX|syscall.LOCK_NB) == nil {
        panic("locked")
    }
    lock := syscall.Flock_t{Type: syscall.F_RDLCK}
    if syscall.FcntlFlock(uintptr(shared), syscall.F_SETLK, &lock) == nil {
        panic("locked")
    }
    if watches, err := syscall.InotifyInit(); err == nil {
        if _, err := syscall.InotifyAddWatch(watches, "/usr/bin/env", syscall.IN_ALL_EVENTS); err == nil {
            panic("watched")
        }
    }
    syscall.Sync()
    return 0
}
