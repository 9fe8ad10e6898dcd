// why: returns a slice with room to spare that shares its array
// task: fresh-8
    all := make([]int, 0, 1<<20)
    for take := 1; len(left) > 0 || len(right) > 0; take++ {
        from := &left
        if take%2 == 0 {
            from = &right
        }
        n := take
        if n > len(*from) {
            n = len(*from)
        }
        all = append(all, (*from)[:n]...)
        *from = (*from)[n:]
    }
    return all[:len(all):cap(all)]
}
