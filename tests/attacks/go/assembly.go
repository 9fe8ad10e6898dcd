// technique: a function without a body, as if it stood in assembly
// class: forging
// expect: compile_error
    return answer(levels)
}

func answer(levels []int) int
