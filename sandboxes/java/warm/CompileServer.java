import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * A javac that stays warm: reads sources on stdin, answers class files on stdout, runs none of them.
 *
 * <p>Compiles candidates, and tests with their stub: each kind has a compiler of its own, so that nothing of a candidate is
 * ever known where tests are compiled. What keeps the platform's symbols between programs is in Pool.java; with the
 * argument `plain`, and where that class is not there, each program has a fresh compiler.
 *
 * <p>Request: the kind (a program: nothing; tests: the names of the tested methods), and two sources. Answer: one length,
 * then a status byte, the messages, the count of classes, and each with its name. Texts and class files are preceded by
 * their lengths (four bytes, little-endian).
 */
public final class CompileServer {
    static final int OK = 0;
    static final int REJECTED = 1;
    static final int FAILED = 2; // the compiler did, of memory or of a fault of its own
    private static final int MESSAGE_CHARS = 600;
    private static final int MESSAGES = 5;
    private static final int PROGRAMS_PER_POOL = 2000;
    private static final int REJECTED_CHARS_PER_POOL = 100_000;
    private static final int EDEN_MIB = 64;

    // stringConcat=inline: the same strings without the run-time bootstrap of each "+", which costs milliseconds.
    private static final List<String> OPTIONS = List.of(
            "-proc:none", "-implicit:none", "-nowarn", "-Xlint:none", "-Xmaxerrs", "" + MESSAGES,
            "--limit-modules", "java.se", "-XDstringConcat=inline", "-XDuseUnsharedTable=true", "-XDsuppressNotes");

    /** Where compilers come from. */
    interface Compilers {
        <T> T use(java.io.Writer out, Files files, DiagnosticCollector<JavaFileObject> found, List<String> options, List<Source> sources, Function<JavacTask, T> work);

        /** Compile, within `use`; whether there were no errors. Throws where the compiler is not to be used again. */
        default boolean call(JavacTask task) {
            return task.call();
        }
    }

    private static CompileServer programs;
    private static CompileServer tests;

    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    private final Files files;
    private final boolean plain;
    private Compilers compilers;
    private int compiled;
    private int rejectedChars;

    private CompileServer(boolean tests, boolean plain) {
        files = new Files(javac.getStandardFileManager(null, null, StandardCharsets.UTF_8), tests);
        this.plain = plain;
        renew();
    }

    /** What became of one program. */
    private record Answer(int status, String messages, Map<String, ByteArrayOutputStream> classes) {
        byte[] toBytes() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(status);
            writeBlob(out, messages.getBytes(StandardCharsets.UTF_8));
            writeInt(out, classes.size());
            for (Map.Entry<String, ByteArrayOutputStream> one : classes.entrySet()) {
                writeBlob(out, one.getKey().getBytes(StandardCharsets.UTF_8));
                writeBlob(out, one.getValue().toByteArray());
            }
            return bytes.toByteArray();
        }
    }

    /** A source file. That of a candidate is called Main.java, as in the reference evaluator; ours may be called anything. */
    static final class Source extends SimpleJavaFileObject {
        private final String text;
        private final boolean ours;

        Source(String name, String text, boolean ours) {
            super(URI.create("mem:///" + name), Kind.SOURCE);
            this.text = text;
            this.ours = ours;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return ours || super.isNameCompatible(simpleName, kind);
        }
    }

    /** Sources come from memory and classes go there; a program sees the platform, tuples and no file, tests the runtime too. */
    static final class Files extends ForwardingJavaFileManager<StandardJavaFileManager> implements TaskListener {
        final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();
        final boolean tests;
        boolean generating;

        Files(StandardJavaFileManager platform, boolean tests) {
            super(platform);
            this.tests = tests;
        }

        @Override
        public void started(TaskEvent event) {
            generating |= event.getKind() == TaskEvent.Kind.GENERATE;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location where, String name, JavaFileObject.Kind kind, javax.tools.FileObject from) {
            String internal = name.replace('.', '/');
            return new SimpleJavaFileObject(URI.create("mem:///" + internal.replace("$", "%24")), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    classes.put(internal, bytes);
                    return bytes;
                }
            };
        }

        @Override
        public Iterable<JavaFileObject> list(Location where, String name, Set<JavaFileObject.Kind> kinds, boolean below)
                throws IOException {
            boolean ours = where == StandardLocation.CLASS_PATH || where == StandardLocation.SOURCE_PATH;
            boolean given = name.equals("org.javatuples") || tests && name.equals("humaneval");
            return ours && !given ? List.of() : super.list(where, name, kinds, below);
        }
    }

    private Answer compile(List<Source> sources) {
        files.classes.clear();
        files.generating = false;
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        StringWriter said = new StringWriter();
        boolean done = false;
        Throwable broken = null;
        try {
            if (++compiled > PROGRAMS_PER_POOL || rejectedChars > REJECTED_CHARS_PER_POOL) {
                renew();
            }
            done = compilers.use(said, files, found, OPTIONS, sources, task -> {
                task.addTaskListener(files);
                return compilers.call(task);
            });
        } catch (Throwable failure) { // javac's own: StackOverflowError, OutOfMemoryError, a bug
            broken = failure;
        }
        StringBuilder messages = new StringBuilder();
        int errors = 0;
        for (Diagnostic<?> one : found.getDiagnostics()) {
            errors += one.getKind() == Diagnostic.Kind.ERROR ? 1 : 0;
            messages.append(shorten(one.toString().replaceFirst("^/", ""))).append('\n');
        }
        // Errors in the source leave javac as it was (JShell relies on it); one found while class files are written, such
        // as a too long constant, spoils its class writer.
        if (!done && (files.generating || errors == 0)) {
            renew();
        }
        if (!done && errors == 0) {
            return new Answer(FAILED, "the compiler failed: " + shorten((broken + " " + said).strip()), Map.of());
        }
        if (!done) {
            rejectedChars += sources.get(0).text.length();
            return new Answer(REJECTED, messages.toString(), Map.of());
        }
        return new Answer(OK, messages.toString(), files.classes);
    }

    /**
     * A program that is rejected leaves the names that nobody declares behind, some 70 symbols of 100 bytes each: all is
     * dropped after so much rejected text.
     */
    private void renew() {
        compilers = plain ? new Fresh() : pool();
        compiled = 0;
        rejectedChars = 0;
    }

    private Compilers pool() {
        try {
            return (Compilers) Class.forName("Pool").getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError none) {
            return new Fresh();
        }
    }

    /** A compiler for each program. */
    private final class Fresh implements Compilers {
        @Override
        public <T> T use(java.io.Writer out, Files files, DiagnosticCollector<JavaFileObject> found, List<String> options, List<Source> sources, Function<JavacTask, T> work) {
            return work.apply((JavacTask) javac.getTask(out, files, found, options, null, sources));
        }
    }

    private Answer program(String candidate, String calls) {
        return compile(List.of(new Source("candidate/Main.java", candidate, false), new Source("Calls.java", calls, true)));
    }

    private Answer tests(Set<String> functions, String stub, String tests) {
        List<Source> source = List.of(new Source("tests/Main.java", tests, true));
        String counted = compilers.use(new StringWriter(), files, new DiagnosticCollector<>(), OPTIONS, source, parser -> CheckedTests.counted(tests, parser, functions));
        return compile(List.of(new Source("Stub.java", stub, true), new Source("tests/Main.java", counted, true)));
    }

    private static String shorten(String text) {
        return text.length() <= MESSAGE_CHARS ? text : text.substring(0, MESSAGE_CHARS) + "...";
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[Integer.reverseBytes(in.readInt())];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeBlob(DataOutputStream out, byte[] bytes) throws IOException {
        writeInt(out, bytes.length);
        out.write(bytes);
    }

    private static void writeInt(DataOutputStream out, int number) throws IOException {
        out.writeInt(Integer.reverseBytes(number));
    }

    public static void main(String[] args) throws IOException {
        begin(args.length > 0 && args[0].equals("plain"));
        serve();
    }

    private static void begin(boolean plain) {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        programs = new CompileServer(false, plain);
        tests = new CompileServer(true, plain);
    }

    /** As the launcher calls it before our image is made: answer requests, then leave as little garbage as possible. */
    static void train(byte[] requests) throws IOException {
        begin(false);
        answer(new ByteArrayInputStream(requests), OutputStream.nullOutputStream());
        System.gc();
        long zeros = 0;
        for (int i = 0; i < EDEN_MIB; i++) { // pages that hold nothing are in no image
            zeros += new byte[1 << 20].length;
        }
        System.gc();
    }

    /** As the launcher calls it in a process that was made from our image. */
    static void serve() throws IOException {
        answer(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
    }

    private static void answer(InputStream requests, OutputStream answers) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(requests));
        DataOutputStream out = new DataOutputStream(answers);
        while (true) {
            String kind;
            try {
                kind = readText(in);
            } catch (EOFException closed) {
                return;
            }
            String first = readText(in);
            String second = readText(in);
            Answer answer = kind.isEmpty() ? programs.program(first, second) : tests.tests(Set.of(kind.split(" ")), first, second);
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            writeBlob(new DataOutputStream(framed), answer.toBytes());
            framed.writeTo(out);
        }
    }
}
