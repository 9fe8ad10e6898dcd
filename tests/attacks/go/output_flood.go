// technique: prints without end, to both outputs
// class: exhausting
// expect: output_exceeded
    for {
        fmt.Println(strings.Repeat("flood", 1000))
        println(strings.Repeat("flood", 1000))
    }
}
