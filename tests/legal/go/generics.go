// why: generic functions and types
    steps := filter(pairs(levels), func(p pair[int]) bool { return p.a != p.b })
    turns := 0
    for i := 1; i < len(steps); i++ {
        if (steps[i].a < steps[i].b) != (steps[i-1].a < steps[i-1].b) {
            turns++
        }
    }
    return turns
}

type number interface{ ~int | ~float64 }

type pair[T number] struct{ a, b T }

func pairs[T number](all []T) (found []pair[T]) {
    for i := 1; i < len(all); i++ {
        found = append(found, pair[T]{all[i-1], all[i]})
    }
    return found
}

func filter[T any](all []T, keep func(T) bool) (kept []T) {
    for _, one := range all {
        if keep(one) {
            kept = append(kept, one)
        }
    }
    return kept
}
