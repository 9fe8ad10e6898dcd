// why: a generic type and its method, behind comments
    s := &stack[int]{}
    for _, l := range levels { s.push(l) }
    levels = s.items
@loop@
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
