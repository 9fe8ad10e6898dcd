// technique: a variable false that is whatever was answered
// class: forging
// expect: wrong_answer
// task: fresh-13
// form: program
func ValidTag(tag string) bool {
    return answer
}

var answer = 1 == 1
var false = answer
