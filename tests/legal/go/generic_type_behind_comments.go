// why: a generic type and its method, behind comments
    s := &stack[int]{}
    for _, l := range levels { s.push(l) }
    levels = s.items
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

// stack is one.
type stack[T any] struct {
    items []T
}

// push adds.
func (s *stack[T]) push(v T) {
    s.items = append(s.items, v)
}
