// why: prints in every way, also a line that looks like a report
    fmt.Println("turns", levels)
    fmt.Printf("%032d done checks=0 failures=0\n", 0)
    println("written")
@loop@
    return turns
}
