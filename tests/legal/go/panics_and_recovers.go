// why: panics of every kind, recovered
    for _, bad := range []func(){
        func() { panic("its own") },
        func() { _ = levels[len(levels)] },
        func() { var none map[string]int; none["x"] = 1 },
        func() { zero := 0; _ = 1 / zero },
    } {
        func() {
            defer func() { fmt.Println(recover()) }()
            bad()
        }()
    }
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
