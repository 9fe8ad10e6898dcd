// technique: C in a comment
// class: forging
// expect: compile_error
// form: program
/*
#include <unistd.h>
static void leave(void) { _exit(0); }
*/
import "C"

func TideTurns(levels []int) int {
    C.leave()
    return 0
}
