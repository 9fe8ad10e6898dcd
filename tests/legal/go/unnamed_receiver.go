// why: a method whose receiver has no name
@loop@
    return one{}.get() * turns
}

// one is.
type one struct{}

// get gets.
func (one) get() int { return 1 }
