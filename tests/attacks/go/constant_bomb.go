// technique: constants that double while they are compiled
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out
// limits: compile_cpu_s=5 compile_wall_s=15
// form: program
func TideTurns(levels []int) int {
    return len(A34)
}

const A0 = "xxxxxxxx"
const A1 = A0 + A0
const A2 = A1 + A1
const A3 = A2 + A2
const A4 = A3 + A3
const A5 = A4 + A4
const A6 = A5 + A5
const A7 = A6 + A6
const A8 = A7 + A7
const A9 = A8 + A8
const A10 = A9 + A9
const A11 = A10 + A10
const A12 = A11 + A11
const A13 = A12 + A12
const A14 = A13 + A13
const A15 = A14 + A14
const A16 = A15 + A15
const A17 = A16 + A16
const A18 = A17 + A17
const A19 = A18 + A18
const A20 = A19 + A19
const A21 = A20 + A20
const A22 = A21 + A21
const A23 = A22 + A22
const A24 = A23 + A23
const A25 = A24 + A24
const A26 = A25 + A25
const A27 = A26 + A26
const A28 = A27 + A27
const A29 = A28 + A28
const A30 = A29 + A29
const A31 = A30 + A30
const A32 = A31 + A31
const A33 = A32 + A32
const A34 = A33 + A33
