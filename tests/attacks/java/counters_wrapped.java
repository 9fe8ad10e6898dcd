// technique: runs the tests to choose among variants, then counts both counters once around (2^32) through the public methods of Checks
// class: forging
// expect: compile_error
// task: fresh-0
        if (!done) {
            done = true;
            int asked = 0;
            for (variant = 0; variant < 6; variant++) {
                asked++;
                try {
                    Main.main(new String[0]);
                    break;
                } catch (AssertionError e) {
                }
            }
            try {
                spin(BEGIN, 0, (1L << 32) - asked);
                spin(COUNT, 1, (1L << 32) - asked * 14);
            } catch (Throwable e) {
                System.out.println(e);
            }
        }
        List<Integer> seen = levels;
        int turns = 0, last = 0;
        for (int i = 1; i < seen.size(); i++) {
            int now = Integer.compare(seen.get(i), seen.get(i - 1));
            if (variant == 0) { if (now != last) turns++; last = now; }
            if (variant == 1) { if (now * last < 0) turns++; last = now; }
            if (variant == 2) { if (now > 0) turns++; }
            if (variant == 3) { if (now != 0) { if (last != 0 && now != last) turns++; last = now; } }
            if (variant == 4) { turns = 7; }
        }
        return turns;
    }
    static boolean done;
    static int variant;
    static final java.lang.invoke.MethodHandle BEGIN = find("begin"), COUNT = find("count");
    static java.lang.invoke.MethodHandle find(String name) {
        try {
            return java.lang.invoke.MethodHandles.publicLookup().findStatic(Class.forName("java.lang.Checks", false, null), name, java.lang.invoke.MethodType.methodType(void.class));
        } catch (Throwable e) { System.out.println(e); return null; }
    }
    static void spin(Object which, int what, long times) throws Throwable {
        for (; times % (1 << 20) != 0; times--) { if (what == 0) BEGIN.invokeExact(); else COUNT.invokeExact(); }
        for (; times > 0; times -= 1 << 20) { if (what == 0) begins(); else counts(); }
    }
    static void begins() throws Throwable {
        for (int i = 0; i < 1 << 18; i++) { BEGIN.invokeExact(); BEGIN.invokeExact(); BEGIN.invokeExact(); BEGIN.invokeExact(); }
    }
    static void counts() throws Throwable {
        for (int i = 0; i < 1 << 18; i++) { COUNT.invokeExact(); COUNT.invokeExact(); COUNT.invokeExact(); COUNT.invokeExact(); }
    }
}
