// technique: leaves symbolic links to the host's folders, FIFOs and unreadable folders for the agent to clear
// class: escaping
// expect: wrong_answer
// form: program
import (
    "os"
    "syscall"
)

func init() {
    for n, target := range []string{"/", "/usr", "/proc", "@FILE@", "..", "/dev/zero"} {
        os.Symlink(target, string(rune('a'+n)))
    }
    syscall.Mkfifo("fifo", 0)
    syscall.Mknod("device", syscall.S_IFCHR|0666, 0x105)
    os.MkdirAll("closed/in", 0777)
    os.Chmod("closed/in", 0)
    os.Chmod("closed", 0)
}

func TideTurns(levels []int) int {
    return 0
}
