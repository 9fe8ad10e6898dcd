// technique: a type float64 and a constant true of its own, so that a distance is never large
// class: forging
// expect: compile_error
// task: fresh-4
// form: program
func AcceptedMean(readings []float64, limit float64) float64 {
    return 0
}

type float64 = float32

const true = 2 < 1
