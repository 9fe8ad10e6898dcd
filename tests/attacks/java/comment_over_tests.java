// technique: opens a comment and a string by Unicode escapes, to be closed nowhere
// class: forging
// expect: compile_error
// form: program
import java.util.*;

class Solution {
    public int tideTurns(List<Integer> levels) {
        return 0;
    }
}
\u002f\u002a \u0022
