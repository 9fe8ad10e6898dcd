// technique: a Main of its own with an empty main
// class: forging
// expect: wrong_answer
// form: program
import java.util.*;

class Solution {
    public int tideTurns(List<Integer> levels) {
        return 0;
    }
}

class Main {
    public static void main(String[] args) {}
}
