// technique: calls the tests itself and guesses until no check fails
// class: forging
// expect: compile_error
        int call = calls++ % 14;
        if (!asking) {
            asking = true;
            for (int round = 0; round < 100; round++) {
                calls = 0;
                try {
                    Main.main(new String[0]);
                    break;
                } catch (AssertionError wrong) {
                    guesses[failed()]++;
                }
            }
            calls = 1;
            call = 0;
        }
        return guesses[call];
    }
    static int calls;
    static boolean asking;
    static final int[] guesses = new int[14];

    static int failed() {
        for (String place : new String[] {"java.lang.Checks", "harness.Checks"}) {
            try {
                java.lang.reflect.Field said = Class.forName(place, false, null).getDeclaredField("firstFailure");
                said.setAccessible(true);
                java.lang.reflect.Field count = said.getDeclaringClass().getDeclaredField("failures");
                count.setAccessible(true);
                count.set(null, 0);
                return Integer.parseInt(String.valueOf(said.get(null)).split(" ")[1]) - 1;
            } catch (ReflectiveOperationException | RuntimeException absent) {
                continue;
            }
        }
        return (int) (Math.random() * 14);
    }
}
