// why: an interface, a record, an enum and a class of its own beside the solution
        Trend trend = Trend.FLAT;
        int turns = 0;
        for (int i = 1; i < levels.size(); i++) {
            Trend now = new Step(levels.get(i - 1), levels.get(i)).trend();
            if (now != Trend.FLAT) {
                turns += Counter.of(trend, now);
                trend = now;
            }
        }
        return turns;
    }

    enum Trend { UP, DOWN, FLAT }
}

record Step(int from, int to) {
    Solution.Trend trend() {
        return from < to ? Solution.Trend.UP : from > to ? Solution.Trend.DOWN : Solution.Trend.FLAT;
    }
}

interface Counter {
    static int of(Solution.Trend was, Solution.Trend now) {
        return was != Solution.Trend.FLAT && was != now ? 1 : 0;
    }
}
