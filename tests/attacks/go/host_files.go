// technique: reads files of the host and prints them
// class: escaping
// expect: wrong_answer
// form: program
import "os"

func TideTurns(levels []int) int {
    for _, path := range []string{@FILES@, "/etc/shadow", "/root/.bashrc", "/proc/1/environ", "/proc/self/root@FILE@", "../../../..@FILE@"} {
        text, _ := os.ReadFile(path)
        fmt.Println(string(text))
    }
    return 0
}
