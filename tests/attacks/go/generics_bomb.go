// technique: a generic function that needs ever larger instances of itself
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out
// limits: compile_cpu_s=5 compile_wall_s=15
    grow(levels, 100000)
    return 0
}

func grow[T any](x T, n int) {
    if n > 0 {
        grow([]T{x}, n-1)
    }
}
