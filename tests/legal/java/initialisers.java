// why: static and instance initialisers, and a shutdown hook that prints
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }

    private static final Map<String, Integer> SEEN = new HashMap<>();
    private final List<Integer> kept = new ArrayList<>();

    static {
        SEEN.put("loaded", 1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
    }

    {
        kept.add(1);
    }

    Solution() {
        kept.add(2);
    }
}
