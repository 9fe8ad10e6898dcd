// technique: connects to the engine's socket
// class: escaping
// expect: wrong_answer
// form: program
import "syscall"

func TideTurns(levels []int) int {
    for _, path := range []string{"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock"} {
        socket, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
        if err == nil && syscall.Connect(socket, &syscall.SockaddrUnix{Name: path}) == nil {
            return 2
        }
    }
    return 0
}
