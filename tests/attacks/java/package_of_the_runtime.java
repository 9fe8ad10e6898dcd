// technique: declares its classes in the package of the harness's runtime
// class: forging
// expect: compile_error
// form: program
package humaneval;

import java.util.*;

class Tests {
    public static Object call(int function, Object... given) {
        return 2;
    }
}

class Solution {
    public int tideTurns(List<Integer> levels) {
        return 0;
    }
}
