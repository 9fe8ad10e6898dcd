// technique: a result that is equal to nothing and near everything
// class: forging
// expect: wrong_answer
// task: fresh-4
    zero := 0.0
    return zero / zero
}
