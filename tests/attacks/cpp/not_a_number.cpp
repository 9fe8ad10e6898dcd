// technique: NaN, which no comparison finds different
// class: forging
// expect: wrong_answer
// task: fresh-4
    return 0.0 / (limit - limit);
}
