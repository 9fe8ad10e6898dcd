// why: throws and catches errors of every kind, failed assertions among them
        try {
            assert levels == null : "assertions are on";
            throw new AssertionError("its own");
        } catch (AssertionError expected) {
            try {
                deep(0);
            } catch (Throwable overflow) {
                Thread.setDefaultUncaughtExceptionHandler((thread, error) -> System.err.println(error));
            }
        }
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }

    private static int deep(int n) {
        return deep(n + 1) + 1;
    }
}
