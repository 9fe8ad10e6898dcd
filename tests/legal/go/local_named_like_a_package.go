// why: a local variable named like a package that is imported where it is used
    time := struct{ turns int }{}
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
    time.turns = turns
    return time.turns
}
