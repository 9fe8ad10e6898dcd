// why: helpers named run, check, report, harness and tests
    return run(report(check(levels)))
}

func run(steps []int) int {
    turns := 0
    for i := 1; i < len(steps); i++ {
        if (steps[i] > 0) != (steps[i-1] > 0) {
            turns++
        }
    }
    return turns
}

func check(levels []int) (steps []int) {
    for i := 1; i < len(levels); i++ {
        steps = append(steps, levels[i]-levels[i-1])
    }
    return steps
}

func report(steps []int) (kept []int) {
    for _, step := range steps {
        if step != 0 {
            kept = append(kept, harness(step))
        }
    }
    return kept
}

func harness(step int) int { return tests(step) }

func tests(step int) int { return step }
