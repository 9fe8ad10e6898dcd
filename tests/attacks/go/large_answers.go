// technique: answers with the largest lists that a message holds, so that the tests have no time and no memory left
// class: exhausting
// expect: wrong_answer, timed_out, memory_exceeded, runtime_error
// task: fresh-1
// form: program
import "runtime/debug"

func TankRun(capacity int, flows []int) []int {
    debug.SetGCPercent(10)
    return make([]int, 3_999_000)
}
