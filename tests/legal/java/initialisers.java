// why: static and instance initialisers, and a shutdown hook that prints
@loop@
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
