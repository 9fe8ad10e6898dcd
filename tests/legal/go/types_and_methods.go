// why: structs, embedding, interfaces, String methods and constants
    var all counter = &trend{}
    for i := 1; i < len(levels); i++ {
        all.add(direction(levels[i] - levels[i-1]))
    }
    return all.total()
}

type direction int

const (
    down direction = iota - 1
    flat
    up
)

func (d direction) String() string { return [...]string{"down", "flat", "up"}[d+1] }

func (d direction) sign() direction {
    switch {
    case d < flat:
        return down
    case d > flat:
        return up
    }
    return flat
}

type counter interface {
    add(direction)
    total() int
}

type base struct{ turns int }

func (b *base) total() int { return b.turns }

type trend struct {
    base
    last direction
}

func (t *trend) add(step direction) {
    step = step.sign()
    if step == flat {
        return
    }
    if t.last != flat && t.last != step {
        t.turns++
    }
    t.last = step
}
