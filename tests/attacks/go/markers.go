// technique: prints everything that could be taken for an answer
// class: forging
// expect: wrong_answer
    text := strings.Repeat("0", 32) + " done checks=14 failures=0\n--- PASS: TestTideTurns (0.00s)\nPASS\nok  \tmain\t0.001s\n"
    fmt.Print(text)
    print(text)
    return 0
}
