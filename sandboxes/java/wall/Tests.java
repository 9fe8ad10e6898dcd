package humaneval;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The tests' side of the wall: runs trusted code only. The tested methods are stubs here that ask the candidate's process;
 * checks are counted, and the first that fails says what it was called with, what it expected and what it got.
 *
 * <p>One after another in one virtual machine, each with classes of its own. Tests that would leave something behind have
 * a machine of their own (steps.py).
 */
public final class Tests {
    private static final int ALL_CHECKS = 1;
    private static final int RECORD = 2;
    private static final int MOST_RECORDED = 128 << 20;
    private static final int MOST_SHOWN = 16 << 10; // what is larger is not kept for the text of a failed check: a program could tell
    private static final int SECRET_BYTES = 66;
    private static final int TOKEN = 32;
    private static Tests current;

    private final Pipes pipes;
    private final FileDescriptor[] fds;
    private final Writer writer = new Writer(true);
    private final String secret;
    private final int flags;
    private long recorded; // bytes
    private final PrintStream errors;
    private Type[][] functions = {};
    private int number;
    private int size; // of the last answer, in bytes
    private Object[] given; // of the last call, where its answer is not large
    private Object got = About.UNKNOWN;
    private Throwable thrown; // by the candidate
    private boolean thrownOfMemory;
    private Over over;
    private int checks;
    private int failures;
    private String detail = "";
    private Failed first; // check that failed
    private int noted; // checks of lists that are not whole yet

    /** What is known of a failed check. Text is made of it when all is over: the next question comes as soon as after one that holds. */
    private record Failed(Object[] given, Object got, String expected) {}

    /** An event that ends the tests, whatever they catch. */
    private static final class Over extends Error {
        private static final long serialVersionUID = 1;
        final String event;

        Over(String event, String detail) {
            super(detail, null, false, false);
            this.event = event;
        }
    }

    private Tests(FileDescriptor[] fds, String secret) {
        this.fds = fds;
        this.secret = secret;
        flags = secret.charAt(2 * TOKEN) - '0';
        pipes = new Pipes(new FileInputStream(fds[0]), new FileOutputStream(fds[1]));
        errors = new PrintStream(new FileOutputStream(fds[2]), true);
    }

    static Tests current() {
        return current;
    }

    /** As the launcher calls it, once for each program: answers, questions, errors, secret, report; what steps.py packed. */
    static void run(FileDescriptor[] fds, byte[] packed) throws IOException {
        byte[] secret = new FileInputStream(fds[3]).readNBytes(SECRET_BYTES);
        Tests tests = new Tests(fds, new String(secret, StandardCharsets.ISO_8859_1));
        current = tests;
        System.setOut(tests.errors);
        System.setErr(tests.errors);
        String event;
        try {
            event = tests.event(packed);
        } catch (Throwable failure) {
            event = tests.over != null ? tests.ended(tests.over) : tests.ended(failure);
        }
        tests.report(event);
        current = null;
    }

    /** As the plain `java` does: the descriptors are 0 to 4, the packed tests a file. */
    public static void main(String[] file) throws IOException, ReflectiveOperationException {
        run(Pipes.descriptors(0, 5), Pipes.taken(file[0]));
        System.exit(0);
    }

    private String event(byte[] packed) throws Throwable {
        Reader reader = new Reader(packed, false);
        String broken = reader.text();
        Classes classes = broken.isEmpty() ? new Classes(packed, reader) : null;
        begin();
        if (classes == null) {
            throw over("compile", broken);
        }
        functions = classes.functions;
        Thread.currentThread().setContextClassLoader(classes);
        try {
            var main = Class.forName("Main", true, classes).getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        } finally {
            Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
        }
        if (over != null) {
            throw over;
        }
        detail = failures > 0 ? failures + " of " + checks + " checks failed" : "";
        return "done";
    }

    /** Read the first message: the candidate is ready, or never will be. */
    private void begin() throws IOException {
        Reader first = answer();
        int kind = first.u8();
        if (kind == 'T' && first.u32() == 0) {
            throw ended(first);
        }
        if (kind == 'E') {
            throw over("compile", first.text());
        }
        if (kind != 'R') {
            throw new Reader.Broken("no first message");
        }
        first.end();
        new FileOutputStream(fds[4]).write("ready\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private Reader answer() throws IOException {
        byte[] message = pipes.receive();
        if (message == null) {
            throw over("ended", "");
        }
        if ((flags & RECORD) != 0) {
            keep(message);
        }
        size = message.length;
        return new Reader(message, false);
    }

    /** Record an answer behind the secret. */
    private void keep(byte[] message) throws IOException {
        recorded += 4 + message.length;
        if (recorded > MOST_RECORDED) {
            throw over("memory", "its answers are too large to be recorded");
        }
        FileOutputStream file = new FileOutputStream(fds[3]);
        file.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(message.length).array());
        file.write(message);
    }

    private Over over(String event, String why) {
        if (over == null) {
            over = new Over(event, why);
        }
        return over;
    }

    /** A stub's call. What the candidate throws is thrown here. */
    public static Object call(int function, Object... given) {
        Tests tests = current;
        if (tests.over != null) {
            throw tests.over; // tests that caught the end
        }
        try {
            return tests.asked(function, given);
        } catch (IOException gone) {
            if (gone == tests.thrown) {
                throw sneaky(gone); // the candidate's own
            }
            throw tests.over("ended", "");
        } catch (Reader.Broken broken) {
            throw tests.over("tampered", broken.getMessage());
        } catch (Reader.Odd odd) {
            throw tests.over(odd.claims ? "tampered" : "error", odd.getMessage());
        }
    }

    private Object asked(int function, Object[] arguments) throws IOException {
        Type[] types = functions[function];
        boolean afterwards = types[0].kind == 'V';
        given = arguments;
        got = About.UNKNOWN;
        writer.start('C', ++number);
        writer.u32(function);
        writer.u8(afterwards ? 1 : 0);
        writer.u32(arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            writer.value(types[i + 1], arguments[i], 1);
        }
        pipes.send(writer);
        Reader answer = answer();
        int kind = answer.u8();
        if (kind != 'V' && kind != 'T' || answer.u32() != number) {
            throw new Reader.Broken("an answer to no question");
        }
        if (kind == 'T') {
            throw ended(answer);
        }
        Object result = answer.value(types[0]);
        int count = answer.count(1);
        if (count != 0 && (!afterwards || count != arguments.length)) {
            throw new Reader.Broken("other arguments than it was given");
        }
        for (int i = 0; i < count; i++) {
            replace(arguments[i], answer.value(types[i + 1]));
        }
        answer.end();
        if (size > MOST_SHOWN) {
            given = null;
        } else {
            got = result;
        }
        return result;
    }

    /** Make a list, set, map or array hold what it holds on the other side. */
    @SuppressWarnings("unchecked")
    private static void replace(Object here, Object now) {
        if (here instanceof List<?> list && now instanceof List<?> others && list.size() == others.size()) {
            for (int i = 0; i < others.size(); i++) {
                ((List<Object>) list).set(i, others.get(i));
            }
        } else if (here instanceof Collection<?> all && now instanceof Collection<?> others) {
            all.clear();
            ((Collection<Object>) all).addAll(others);
        } else if (here instanceof Map<?, ?> map && now instanceof Map<?, ?> others) {
            map.clear();
            ((Map<Object, Object>) map).putAll(others);
        } else if (here != null && here.getClass().isArray() && here.getClass().isInstance(now)) {
            System.arraycopy(now, 0, here, 0, java.lang.reflect.Array.getLength(here));
        }
    }

    /** What the candidate threw: the platform's own exception of that name, thrown here. */
    private RuntimeException ended(Reader answer) {
        thrownOfMemory = answer.u8() == 1;
        String name = answer.text();
        String message = answer.text();
        String trace = answer.text();
        answer.end();
        errors.print("Exception in the program: " + trace);
        thrown = exception(name, message);
        detail = message.isEmpty() ? name : name + ": " + message;
        return sneaky(thrown);
    }

    private static Throwable exception(String name, String message) {
        try {
            Class<?> type = Class.forName(name, false, null);
            if (Throwable.class.isAssignableFrom(type)) {
                return (Throwable) type.getConstructor(String.class).newInstance(message);
            }
        } catch (ReflectiveOperationException | LinkageError none) {
            // a class of the program's own, or one without a text
        }
        return new RuntimeException(name + ": " + message);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable any) throws T {
        throw (T) any;
    }

    /** The event that an exception nobody caught is. */
    private String ended(Throwable failure) {
        if (failure instanceof Over end) {
            detail = end.getMessage();
            return end.event;
        }
        if (failure instanceof Reader.Broken) {
            detail = failure.getMessage();
            return "tampered";
        }
        if (failure == thrown || failure.getCause() != null && failure.getCause() == thrown) {
            return thrownOfMemory ? "memory" : "error";
        }
        if (failure instanceof AssertionError) {
            return wrong(failure.getMessage());
        }
        failure.printStackTrace(errors);
        detail = failure.toString();
        return failure instanceof OutOfMemoryError ? "memory" : "error";
    }

    /** A check failed and ended the run; one that is not counted says itself what does not hold. */
    private String wrong(String message) {
        if (failures == 0) {
            failures = 1;
            detail = message == null ? "a check does not hold" : message;
            note(null, false);
        }
        return "wrong";
    }

    /** Note what is known of a check that does not hold; it is counted with its list, or where that is never whole. */
    void note(String expected, Boolean holds) {
        noted++;
        if (!Boolean.TRUE.equals(holds) && first == null) {
            first = new Failed(given, got, expected);
        }
    }

    boolean one(String expected, boolean holds) {
        checks++;
        if (holds) {
            return false;
        }
        failures++;
        note(expected, false);
        if (detail.isEmpty()) {
            detail = "check " + checks + " does not hold";
        }
        return (flags & ALL_CHECKS) == 0;
    }

    boolean all(Collection<?> all) {
        boolean failed = false;
        int index = 0;
        for (Object each : all) {
            index++;
            if (!Boolean.TRUE.equals(each)) {
                failed = true;
                if (failures++ == 0) {
                    detail = "check " + index + " of " + all.size() + " does not hold";
                }
            }
        }
        checks += index;
        return failed && (flags & ALL_CHECKS) == 0;
    }

    private void report(String event) throws IOException {
        boolean well = event.equals("done");
        if (!well && failures == 0 && first != null) {
            failures = 1;
            checks = Math.max(checks, noted);
        }
        String token = well ? secret.substring(0, TOKEN) : secret.substring(TOKEN, 2 * TOKEN);
        String words = detail.length() > 300 ? detail.substring(0, 300) : detail;
        String line = token + " " + event + " checks=" + checks + " failures=" + failures + " "
                + words.replaceAll("[\n\r\0]", " ") + "\n" + (failures > 0 && first != null ? About.json(first.given, first.got, first.expected) : "");
        new FileOutputStream(fds[4]).write(line.getBytes(StandardCharsets.UTF_8));
    }
}
