// why: counts runes in maps of arrays and of structs, and prints while it iterates
// task: fresh-16
    type key struct{ letter rune }
    seen := map[key][2]int{}
    for _, mark := range text {
        switch {
        case mark >= 'A' && mark <= 'Z':
            both := seen[key{mark + 'a' - 'A'}]
            both[0]++
            seen[key{mark + 'a' - 'A'}] = both
        case mark >= 'a' && mark <= 'z':
            both := seen[key{mark}]
            both[1]++
            seen[key{mark}] = both
        }
    }
    balance := map[string]int{}
    for k, both := range seen {
        fmt.Print(k, both, "\n")
        if difference := both[0] - both[1]; difference != 0 {
            balance[string(k.letter)] = difference
        }
    }
    return balance
}
