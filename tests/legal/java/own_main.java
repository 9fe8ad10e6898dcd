// why: a main of its own in the solution, which runs the examples
// form: program
import java.util.*;

class Solution {
    public int tideTurns(List<Integer> levels) {
@loop@
        return turns;
    }

    public static void main(String[] args) {
        System.out.println(new Solution().tideTurns(Arrays.asList(1, 4, 2, 2, 5)) == 2 ? "ok" : "failed");
    }
}
