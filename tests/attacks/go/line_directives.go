// technique: claims to be the tests' file, in comments that move lines
// class: forging
// expect: wrong_answer
//line tests.go:1
    return 0
/*line main.go:1:1*/ }
