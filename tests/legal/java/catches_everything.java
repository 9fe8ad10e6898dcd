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
@loop@
        return turns;
    }

    private static int deep(int n) {
        return deep(n + 1) + 1;
    }
}
