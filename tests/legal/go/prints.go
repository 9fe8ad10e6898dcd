// why: prints in every way, also a line that looks like a report
    fmt.Println("turns", levels)
    fmt.Printf("%032d done checks=0 failures=0\n", 0)
    println("written")
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
    return turns
}
