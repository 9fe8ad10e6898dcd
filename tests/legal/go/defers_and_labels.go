// why: deferred functions that change the result, labels, goto and closures
    result := func() (turns int) {
        defer func() { turns /= 2 }()
        trend := 0
    next:
        for i := 1; i < len(levels); i++ {
            switch step := levels[i] - levels[i-1]; {
            case step == 0:
                continue next
            case step > 0 && trend < 0, step < 0 && trend > 0:
                turns += 2
                fallthrough
            default:
                trend = step
            }
        }
        if turns < 0 {
            goto end
        }
    end:
        return turns
    }
    return result()
}
