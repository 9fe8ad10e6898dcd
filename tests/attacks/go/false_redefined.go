// technique: a variable false that is whatever was answered
// class: forging
// expect: tampered
// task: fresh-13
// form: program
func ValidTag(tag string) bool {
    return answer
}

var answer = 1 == 1
var false = answer
