package tests;

import java.lang.reflect.Proxy;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the tests' comparisons become: they compare plain values, and they are counted.
 *
 * <p>What the candidate returned is first copied into the platform's own lists, sets and maps, so its own equals is
 * never asked. Lives in the tests' module, which is closed to the candidate: it can neither replace this class, nor
 * call it, nor reach its fields by reflection.
 */
final class Checks {
    private static int checks;
    private static int failures;
    private static String firstFailure = "";

    // An instance stands for a value of the candidate's own class: equal to another of them if that one says so, never
    // to a value of the tests.
    private final Object own;

    static { // the tests are here, what they test is in no module
        Checks.class.getModule().addReads(ClassLoader.getSystemClassLoader().getUnnamedModule());
    }

    private Checks(Object own) {
        this.own = own;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checks that && own.equals(that.own);
    }

    @Override
    public int hashCode() {
        return own.hashCode();
    }

    /** A test's `if (...) throw new AssertionError()` was reached. */
    static void count() {
        checks++;
    }

    /** The tests' `correct.contains(false)`: every element is one check. Any other contains: on plain values. */
    static boolean contains(Object all, Object wanted) {
        if (!(wanted instanceof Boolean) || !(all instanceof List<?> list)) {
            return plain((Collection<?>) all) instanceof Collection<?> plain && plain.contains(plain(wanted));
        }
        boolean found = false;
        int index = 0;
        for (Object one : list) {
            index++;
            if (one == null || wanted.equals(one)) { // null: a Boolean of the candidate's that nobody unboxed
                if (failures++ == 0) {
                    firstFailure = "check " + index + " of " + list.size() + " does not hold";
                }
                found = true;
            }
        }
        checks += index;
        return found;
    }

    static boolean equal(Object one, Object other) {
        if (one == null) {
            throw new NullPointerException("equals was called on null");
        }
        return plain(one).equals(plain(other));
    }

    static boolean equalOrNull(Object one, Object other) {
        return one == other || one != null && equal(one, other);
    }

    static boolean deepEqual(Object one, Object other) {
        if (one instanceof Object[] these && other instanceof Object[] those) {
            boolean same = these.length == those.length;
            for (int i = 0; same && i < these.length; i++) {
                same = deepEqual(these[i], those[i]);
            }
            return same;
        }
        if (one == null || other == null || !one.getClass().isArray()) {
            return equalOrNull(one, other);
        }
        return java.util.Arrays.deepEquals(new Object[] {one}, new Object[] {other}); // arrays of primitive values
    }

    /** A copy of the value that the candidate has no code in; a value of the candidate's own class is only ever itself. */
    private static Object plain(Object value) {
        if (value == null || value instanceof String || value instanceof Number && isPlatform(value)) {
            return value;
        }
        if (value instanceof List<?> list) {
            return addAll(new ArrayList<>(), list);
        }
        if (value instanceof Set<?> set) {
            return addAll(new HashSet<>(), set);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new HashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                copy.put(plain(entry.getKey()), plain(entry.getValue()));
            }
            return copy;
        }
        if (value instanceof Map.Entry<?, ?> entry) {
            return new AbstractMap.SimpleImmutableEntry<>(plain(entry.getKey()), plain(entry.getValue()));
        }
        if (value instanceof Optional<?> optional) {
            return Optional.ofNullable(plain(optional.orElse(null)));
        }
        return isPlatform(value) ? value : new Checks(value);
    }

    private static Object addAll(Collection<Object> copy, Collection<?> values) {
        for (Object value : values) {
            copy.add(plain(value));
        }
        return copy;
    }

    private static boolean isPlatform(Object value) {
        return value.getClass().getClassLoader() == null && !Proxy.isProxyClass(value.getClass());
    }

    /** The end of a report line after the token, for tests that returned (null) or threw. */
    static String report(Throwable thrown) {
        String counts = " checks=" + checks + " failures=";
        if (thrown == null) {
            return "done" + counts + 0; // a check that failed would have thrown
        }
        Throwable cause = thrown;
        for (int depth = 0; depth < 8 && cause != null; depth++, cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError && !String.valueOf(cause.getMessage()).contains("thread")) {
                return "memory" + counts + failures + " OutOfMemoryError";
            }
        }
        if (thrown.getClass() == AssertionError.class) {
            StackTraceElement[] stack = thrown.getStackTrace();
            if (stack.length > 0 && (stack[0].getClassName() + "$").startsWith("tests.Main$")) {
                return "wrong" + counts + Math.max(1, failures) + " " + (failures > 0 ? firstFailure : "line " + stack[0].getLineNumber() + " of the tests");
            }
        }
        String text = thrown.getClass().getName() + ": " + thrown.getMessage();
        text = text.substring(0, Math.min(500, text.length())).replace('\n', ' ').replace('\r', ' ').replace('\0', ' ');
        return "error" + counts + failures + " " + text;
    }
}
