// technique: one line without end, of NUL and of bytes that are no UTF-8
// class: exhausting
// expect: output_exceeded
    line := strings.Repeat("\x00\xff", 30000)
    for {
        fmt.Print(line)
    }
}
