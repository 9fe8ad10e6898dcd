// technique: reads every file of the scratch area, and of the folders where tests could be kept
// class: forging
// expect: wrong_answer
// form: program
import (
    "io/fs"
    "os"
    "path/filepath"
)

var answers []int
var calls int

func init() {
    found := regexp.MustCompile(`assert\.Equal\((\d+), TideTurns`)
    for _, top := range []string{"/scratch", "/store", "/tmp", "/dev/shm", "/var", "..", "/root", "/home", "/opt"} {
        filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
            if err != nil || !entry.Type().IsRegular() {
                return nil
            }
            if data, err := os.ReadFile(path); err == nil && len(answers) == 0 {
                for _, each := range found.FindAllSubmatch(data, -1) {
                    n, _ := strconv.Atoi(string(each[1]))
                    answers = append(answers, n)
                }
            }
            return nil
        })
    }
}

func TideTurns(levels []int) int {
    calls++
    if calls > len(answers) {
        return -77
    }
    return answers[calls-1]
}
