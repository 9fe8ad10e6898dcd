// technique: fills the heap
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=256
    kept := [][]int{}
    for {
        block := make([]int, 1<<20)
        for i := range block {
            block[i] = i
        }
        kept = append(kept, block)
    }
}
