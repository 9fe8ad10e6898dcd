import com.sun.source.util.JavacTask;
import com.sun.tools.javac.api.JavacTaskPool;
import java.io.Writer;
import java.util.List;
import java.util.function.Function;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;

/**
 * Compilers that keep the platform's symbols between programs (JavacTaskPool, made for this by javac's authors); everything
 * that a program declares is dropped. All that the compile server knows of javac's insides.
 */
final class Pool implements CompileServer.Compilers {
    private final JavacTaskPool pool = new JavacTaskPool(1);

    @Override
    public <T> T use(
            Writer out, CompileServer.Files files, DiagnosticCollector<JavaFileObject> found, List<String> options, List<CompileServer.Source> sources, Function<JavacTask, T> work) {
        return pool.getTask(out, files, found, options, null, sources, task -> work.apply((JavacTask) task));
    }
}
