// technique: a constant true that is false
// class: forging
// expect: wrong_answer
// task: fresh-13
    return 1 == 2
}

const true = 1 == 2

func answer() bool {
    return true
}
