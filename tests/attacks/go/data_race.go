// technique: a race between goroutines leaves an interface whose type and value do not belong together, and so writes to any address
// class: forging
// expect: wrong_answer, timed_out, runtime_error
// limits: cpu_s=2 wall_s=6
    call++
    if call == 14 {
        forge()
    }
    return 0
}

type number struct{ at uintptr }

type pointer struct{ to *[2]int64 }

type memory interface {
    read(i int) int64
    write(i int, value int64)
}

func (n *number) read(i int) int64          { return -1 }
func (n *number) write(i int, value int64)  {}
func (p *pointer) read(i int) int64         { return p.to[i] }
func (p *pointer) write(i int, value int64) { p.to[i] = value }

var (
    call, sum int
    stop      bool
    shared    memory
    words     = &pointer{new([2]int64)}
    other     = &number{0x400000}
    seen      [8]memory
)

func race() {
    for !stop {
        shared = other
        if stop {
            return
        }
        shared = words
    }
}

func torn() memory {
    for {
        a, b, c, d, e, f, g, h := shared, shared, shared, shared, shared, shared, shared, shared
        for _, one := range [8]memory{a, b, c, d, e, f, g, h} {
            if one.read(0)&0xffffffff == 0x464c457f {
                return one
            }
        }
    }
}

func forge() {
    // The two counts are 13 and 7 by now; the last failure is to make them right.
    shared = words
    go race()
    found := torn()
    stop = true
    for other.at = 0x500000; other.at < 0x800000; other.at += 8 {
        if found.read(0) == 13 && found.read(1) == 7 {
            found.write(1, -1)
        }
    }
}
