// why: a main of its own in the solution, which runs the examples
// form: program
import java.util.*;

class Solution {
    public int tideTurns(List<Integer> levels) {
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }

    public static void main(String[] args) {
        System.out.println(new Solution().tideTurns(Arrays.asList(1, 4, 2, 2, 5)) == 2 ? "ok" : "failed");
    }
}
