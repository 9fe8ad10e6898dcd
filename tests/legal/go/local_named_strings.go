// why: a local pointer to a type of its own, named like a package
    turns, trend := 0, 0
    for i := 1; i < len(levels); i++ {
        step := levels[i] - levels[i-1]
        if step > 0 && trend < 0 || step < 0 && trend > 0 {
            turns++
        }
        if step != 0 {
            trend = step
        }
    }
    type box struct{ n int }
    strings := &box{turns}
    return strings.n
}
