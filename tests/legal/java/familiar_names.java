// why: classes of its own named like those of the platform and of the harness
        return Checks.turns(levels.stream().mapToInt(Integer::intValue).toArray());
    }
}

class Node {}

class Pair<A, B> {}

class Stack {}

class Test {}

class Guard extends RuntimeException {}

class Checks {
    static int turns(int[] levels) {
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.length; i++) {
            int step = Integer.compare(levels[i], levels[i - 1]);
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }
}
