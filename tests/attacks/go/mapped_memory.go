// technique: memory from the kernel itself
// class: exhausting
// expect: memory_exceeded, runtime_error
// form: program
// limits: memory_mib=256
import "syscall"

func TideTurns(levels []int) int {
    for {
        block, err := syscall.Mmap(-1, 0, 1<<26, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_SHARED)
        if err != nil {
            panic(err)
        }
        for i := 0; i < len(block); i += 4096 {
            block[i] = 1
        }
    }
}
