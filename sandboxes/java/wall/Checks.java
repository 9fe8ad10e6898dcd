package humaneval;

import java.util.Collection;

/** What the checks of the tests call (CheckedTests.java puts that into their text): they are counted. */
public final class Checks {
    private Checks() {}

    /** One element of a list of checks: noted where it does not hold, with what it was to be; the list is counted. */
    public static Boolean note(String expected, Boolean holds) {
        Tests.current().note(expected, holds);
        return holds;
    }

    /** The condition of `if (...) throw new AssertionError()`: one check. Whether to throw. */
    public static boolean fails(String expected, boolean failed) {
        return Tests.current().one(expected, !failed);
    }

    /** `correct.contains(false)`: each element is one check. Whether to throw. */
    public static boolean anyFails(Collection<?> all) {
        return Tests.current().all(all);
    }
}
