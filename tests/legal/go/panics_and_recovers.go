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
@loop@
    return turns
}
