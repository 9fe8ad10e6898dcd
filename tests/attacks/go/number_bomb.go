// technique: an exact number of more digits than there is memory
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out, wrong_answer
// limits: compile_cpu_s=5 compile_wall_s=15
// form: program
func TideTurns(levels []int) int {
    return int(N9 & 1)
}

const N0 = 1 << 500
const N1 = N0 * N0 * N0 * N0 * N0 * N0 * N0 * N0
const N2 = N1 * N1 * N1 * N1 * N1 * N1 * N1 * N1
const N3 = N2 * N2 * N2 * N2 * N2 * N2 * N2 * N2
const N9 = N3 * N3 * N3 * N3 * N3 * N3 * N3 * N3
