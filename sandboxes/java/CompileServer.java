import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.tools.javac.api.JavacTaskPool;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import jdk.internal.org.objectweb.asm.ClassReader;

/**
 * A javac that stays warm: reads programs on stdin, answers class files on stdout, runs none of them.
 *
 * <p>Each program is two source files of one compilation, the candidate's and the tests'; both are called Main.java, as
 * in the reference evaluator, where they are one file. The platform's symbols are kept between programs (JavacTaskPool,
 * made for this by javac's authors), everything a program declares is dropped; where that cannot be relied on, all is. A name that
 * nobody declares stays behind too, some 70 symbols of 100 bytes each, so all is dropped after so much rejected text.
 *
 * <p>Request: preamble, candidate, tests, what the candidate begins with and is trusted. Answer: one length, then a status byte, the messages, and the classes in the
 * form that launcher.c reads. Texts and class files are preceded by their lengths (four bytes, big-endian).
 */
public final class CompileServer {
    static final int OK = 0;
    static final int REJECTED = 1;
    static final int FAILED = 2; // the compiler did, of memory or of a fault of its own
    static final int TAMPERED = 3;
    private static final int MESSAGE_CHARS = 600;
    private static final int MESSAGES = 5;
    private static final int PROGRAMS_PER_POOL = 2000;
    private static final int REJECTED_CHARS_PER_POOL = 100_000;

    // stringConcat=inline: the same strings without the run-time bootstrap of each "+", which costs milliseconds.
    private static final List<String> OPTIONS = List.of(
            "-proc:none", "-implicit:none", "-nowarn", "-Xlint:none", "-Xmaxerrs", "" + MESSAGES,
            "--limit-modules", "java.se", "-XDstringConcat=inline", "-XDuseUnsharedTable=true", "-XDsuppressNotes");
    private static final Pattern PACKAGE = Pattern.compile("import\\s+([\\w.]+)\\s*\\.\\s*\\*\\s*;");
    private static final Pattern DECLARED =
            Pattern.compile("(?:class|interface|enum|record)\\s+(\\w+)|import\\s+[\\w.]+\\.(\\w+)\\s*;");
    private static final Pattern TYPE_NAME = Pattern.compile("\\b[A-Z]\\w*");

    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    private final Files files = new Files(javac.getStandardFileManager(null, null, StandardCharsets.UTF_8));
    private JavacTaskPool pool = new JavacTaskPool(1);
    private int programs;
    private int rejectedChars;

    /** What became of one program. */
    private record Answer(int status, String messages, Collection<byte[]> classes) {
        byte[] toBytes() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(status);
            writeBlob(out, messages.getBytes(StandardCharsets.UTF_8));
            out.writeInt(classes.size());
            for (byte[] file : classes) {
                writeBlob(out, new ClassReader(file).getClassName().getBytes(StandardCharsets.UTF_8));
                writeBlob(out, file);
            }
            return bytes.toByteArray();
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String part, String text) {
            super(URI.create("mem:///" + part + "/Main.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Sources come from memory and classes go there; a program sees the platform and no file. */
    private static final class Files extends ForwardingJavaFileManager<StandardJavaFileManager> implements TaskListener {
        final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();
        final Set<String> ofTests = new HashSet<>();
        Source tests;
        boolean generating;

        @Override
        public void started(TaskEvent event) {
            generating |= event.getKind() == TaskEvent.Kind.GENERATE;
        }

        Files(StandardJavaFileManager platform) {
            super(platform);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location where, String name, JavaFileObject.Kind kind, javax.tools.FileObject from) {
            String internal = name.replace('.', '/');
            if (from == tests) {
                ofTests.add(internal);
            }
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
            return ours ? List.of() : super.list(where, name, kinds, below);
        }
    }

    private Answer compile(String preamble, String candidate, String tests, String declared) {
        files.classes.clear();
        files.ofTests.clear();
        files.generating = false;
        files.tests = new Source("tests", imports(preamble, tests) + tests);
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        StringWriter said = new StringWriter();
        boolean done = false;
        Throwable broken = null;
        try {
            if (++programs > PROGRAMS_PER_POOL || rejectedChars > REJECTED_CHARS_PER_POOL) {
                renew();
            }
            List<Source> sources = List.of(new Source("candidate", candidate), files.tests);
            done = pool.getTask(said, files, found, OPTIONS, null, sources, task -> {
                task.addTaskListener(files);
                return ((JavacTask) task).call();
            });
        } catch (Throwable failure) { // javac's own: StackOverflowError, OutOfMemoryError, a bug
            broken = failure;
        }
        StringBuilder messages = new StringBuilder();
        int errors = 0;
        for (Diagnostic<?> one : found.getDiagnostics()) {
            errors += one.getKind() == Diagnostic.Kind.ERROR ? 1 : 0;
            messages.append(shorten(one.toString().replaceFirst("^/(candidate|tests)/", "$1/"))).append('\n');
        }
        // Errors in the source leave javac as it was (JShell relies on it); one found while class files are written, such
        // as a too long constant, spoils its class writer.
        if (!done && (files.generating || errors == 0)) {
            renew();
        }
        if (!done && errors == 0) {
            return new Answer(FAILED, "the compiler failed: " + shorten((broken + " " + said).strip()), List.of());
        }
        if (!done) {
            rejectedChars += candidate.length();
            return new Answer(REJECTED, messages.toString(), List.of());
        }
        try {
            return new Answer(OK, messages.toString(), guarded(declared));
        } catch (TestGuard.Tampered reason) {
            return new Answer(TAMPERED, reason.getMessage(), List.of());
        }
    }

    private void renew() {
        pool = new JavacTaskPool(1);
        programs = 0;
        rejectedChars = 0;
    }

    /** The class files as they are to be run, each behind its superclass and interfaces. */
    private Collection<byte[]> guarded(String declared) throws TestGuard.Tampered {
        Map<String, byte[]> written = new LinkedHashMap<>();
        files.classes.forEach((name, bytes) -> written.put(name, bytes.toByteArray()));
        Map<String, byte[]> all = TestGuard.guarded(written, files.ofTests, declared);
        Map<String, byte[]> done = new LinkedHashMap<>();
        for (String name : all.keySet()) {
            addAfterParents(name, all, done);
        }
        return done.values();
    }

    private static void addAfterParents(String name, Map<String, byte[]> all, Map<String, byte[]> done) {
        byte[] bytes = all.get(name);
        if (bytes == null || done.containsKey(name)) {
            return;
        }
        ClassReader reader = new ClassReader(bytes);
        List<String> parents = new ArrayList<>(List.of(reader.getInterfaces()));
        parents.add(reader.getSuperName());
        for (String parent : parents) {
            addAfterParents(parent, all, done);
        }
        done.put(name, bytes);
    }

    /**
     * The preamble, and one import for every platform type that the tests name: a single-type import wins over a class
     * of the same package, so a candidate's own List, Arrays or AssertionError is not the one the tests use.
     */
    private static String imports(String preamble, String tests) {
        Set<String> packages = new HashSet<>(Set.of("java.lang"));
        PACKAGE.matcher(preamble).results().forEach(found -> packages.add(found.group(1)));
        Set<String> taken = new HashSet<>();
        DECLARED.matcher(preamble + tests).results()
                .forEach(found -> taken.add(found.group(1) != null ? found.group(1) : found.group(2)));
        StringBuilder text = new StringBuilder(preamble.replaceAll("\\R", " "));
        Matcher names = TYPE_NAME.matcher(tests);
        while (names.find()) {
            if (!taken.add(names.group())) {
                continue;
            }
            List<String> homes = packages.stream().filter(home -> isPublicType(home + "." + names.group())).toList();
            if (homes.size() == 1) {
                text.append("import ").append(homes.get(0)).append('.').append(names.group()).append(';');
            }
        }
        return text.append(' ').toString();
    }

    private static final Map<String, Boolean> PUBLIC_TYPES = new LinkedHashMap<>();

    private static boolean isPublicType(String name) {
        return PUBLIC_TYPES.computeIfAbsent(name, key -> {
            try {
                Class<?> type = Class.forName(key, false, ClassLoader.getPlatformClassLoader());
                return java.lang.reflect.Modifier.isPublic(type.getModifiers());
            } catch (ClassNotFoundException | LinkageError absent) {
                return false;
            }
        });
    }

    private static String shorten(String text) {
        return text.length() <= MESSAGE_CHARS ? text : text.substring(0, MESSAGE_CHARS) + "...";
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeBlob(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        CompileServer server = new CompileServer();
        while (true) {
            String preamble;
            try {
                preamble = readText(in);
            } catch (EOFException closed) {
                return;
            }
            byte[] answer = server.compile(preamble, readText(in), readText(in), readText(in)).toBytes();
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            writeBlob(new DataOutputStream(framed), answer);
            framed.writeTo(out);
        }
    }
}
