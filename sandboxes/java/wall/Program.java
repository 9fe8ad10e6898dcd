package humaneval;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;

/**
 * The candidate's side of the wall: loads the program, then answers the calls of its tests until they end.
 *
 * <p>What a program does to this code it does to itself: it can only answer.
 */
public final class Program {
    private static final int TEXT_BYTES = 1000;
    private static final int TRACE_BYTES = 2000;
    private static final int ARGUMENTS_AFTERWARDS = 1;

    private final Writer writer = new Writer(false);
    private final Pipes pipes;
    private Type[][] functions;

    private Program(FileInputStream questions, FileOutputStream answers) {
        pipes = new Pipes(questions, answers);
    }

    /** As the launcher calls it. */
    static void run(FileDescriptor[] given, byte[] packed) throws Throwable {
        new Program(new FileInputStream(given[0]), new FileOutputStream(given[1])).answer(packed);
    }

    /** As the plain `java` does. */
    public static void main(String[] file) throws Throwable {
        run(Pipes.descriptors(3, 2), Pipes.taken(file[0]));
    }

    private void answer(byte[] packed) throws Throwable {
        InvocationHandler calls;
        try {
            calls = loaded(packed);
        } catch (Throwable thrown) {
            threw(0, thrown);
            throw thrown;
        }
        writer.start('R');
        pipes.send(writer);
        for (byte[] question; (question = pipes.receive()) != null; ) {
            answer(calls, new Reader(question, true));
        }
    }

    /** The dispatcher, an object of the candidate's world: `Solution` is made by then. */
    private InvocationHandler loaded(byte[] packed) throws Throwable {
        Classes classes = new Classes(packed, new Reader(packed, false));
        functions = classes.functions;
        Thread.currentThread().setContextClassLoader(classes);
        try {
            return (InvocationHandler) classes.loadClass("humaneval$Calls").getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private void answer(InvocationHandler calls, Reader question) throws IOException {
        question.u8();
        int number = question.u32();
        int function = question.u32();
        boolean afterwards = (question.u8() & ARGUMENTS_AFTERWARDS) != 0;
        Object[] given = new Object[question.u32()];
        int start = question.at();
        try {
            Type[] types = functions[function];
            for (int i = 0; i < given.length; i++) {
                given[i] = question.value(types[i + 1]);
            }
            Object result = calls.invoke(function, null, given);
            writer.start('V', number);
            writer.whole(types[0], result);
            int end = writer.size();
            writer.u32(afterwards ? given.length : 0);
            for (int i = 0; afterwards && i < given.length; i++) {
                writer.whole(types[i + 1], given[i]);
            }
            if (afterwards && question.sameAs(writer.since(end + 4), start)) {
                writer.back(end);
                writer.u32(0);
            }
        } catch (Throwable thrown) {
            threw(number, thrown);
            return;
        }
        pipes.send(writer);
    }

    private void threw(int number, Throwable thrown) throws IOException {
        writer.start('T', number);
        boolean memory = false;
        try {
            memory = memory(thrown);
        } catch (Throwable odd) {
            // it says nothing of it
        }
        writer.u8(memory ? 1 : 0);
        writer.text(thrown.getClass().getName(), TEXT_BYTES);
        writer.text(said(thrown, false), TEXT_BYTES);
        writer.text(said(thrown, true), TRACE_BYTES);
        pipes.send(writer);
    }

    private static boolean memory(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; depth < 8 && cause != null; depth++, cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return !String.valueOf(cause.getMessage()).contains("thread");
            }
        }
        return false;
    }

    /** What an exception says; it may be any, and throw in its turn. */
    private static String said(Throwable thrown, boolean trace) {
        try {
            if (!trace) {
                String message = thrown.getMessage();
                return message == null ? "" : message;
            }
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (Throwable odd) {
            return "an exception that cannot be shown";
        }
    }
}
