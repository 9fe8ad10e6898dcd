// technique: a recursion without end
// class: exhausting
// expect: memory_exceeded, runtime_error
// limits: memory_mib=256
    return TideTurns(levels) + 1
}
