// technique: brings the class along that the harness calls it through
// class: forging
// expect: compile_error
// form: program
import java.util.*;

class Solution {
    public int tideTurns(List<Integer> levels) {
        return 0;
    }
}

class humaneval$Calls implements java.lang.reflect.InvocationHandler {
    public Object invoke(Object function, java.lang.reflect.Method none, Object[] given) {
        return 2;
    }
}
