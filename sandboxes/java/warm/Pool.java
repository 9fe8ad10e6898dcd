import com.sun.source.util.JavacTask;
import com.sun.tools.javac.api.JavacTaskImpl;
import com.sun.tools.javac.api.JavacTaskPool;
import com.sun.tools.javac.code.ClassFinder;
import com.sun.tools.javac.code.Symbol.ModuleSymbol;
import com.sun.tools.javac.code.Symtab;
import com.sun.tools.javac.main.Main.Result;
import com.sun.tools.javac.util.Context;
import com.sun.tools.javac.util.List;
import com.sun.tools.javac.util.Name;
import java.io.Writer;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.function.Function;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;

/**
 * Compilers that keep the platform's symbols between programs (JavacTaskPool, made for this by javac's authors). All that the
 * compile server knows of javac's insides.
 *
 * <p>The pool drops the classes that it finds in a program's trees. Nested ones have left them by then, and packages are never
 * in them; so all that is in no module of the platform is dropped here: whatever a program declared, or named in vain.
 */
final class Pool implements CompileServer.Compilers {
    private static final Field CLASSES = table("classes");
    private static final Field PACKAGES = table("packages");
    private final JavacTaskPool pool = new JavacTaskPool(1);

    @Override
    public <T> T use(
            Writer out, CompileServer.Files files, DiagnosticCollector<JavaFileObject> found, java.util.List<String> options,
            java.util.List<CompileServer.Source> sources, Function<JavacTask, T> work) {
        return pool.getTask(out, files, found, options, null, sources, task -> {
            Context its = ((JavacTaskImpl) task).getContext();
            T result = work.apply((JavacTask) task); // the pool keeps no compiler whose work throws
            forget(Symtab.instance(its), ClassFinder.instance(its));
            return result;
        });
    }

    /** After an error, javac keeps to itself that it threw something, and may have read half of a class of the platform. */
    @Override
    public boolean call(JavacTask task) {
        Result result = ((JavacTaskImpl) task).doCall();
        if (result != Result.OK && result != Result.ERROR) {
            throw new IllegalStateException("javac broke off");
        }
        return result.isOK();
    }

    private static void forget(Symtab symbols, ClassFinder finder) {
        ModuleSymbol unnamed = symbols.unnamedModule;
        drop(CLASSES, symbols, unnamed);
        drop(PACKAGES, symbols, unnamed);
        entries(PACKAGES, symbols).get(symbols.rootPackage.fullname).put(unnamed, symbols.rootPackage);
        unnamed.enclosedPackages = List.of(symbols.rootPackage);
        unnamed.unnamedPackage.members_field = null;
        unnamed.unnamedPackage.package_info = null;
        unnamed.unnamedPackage.completer = finder.getCompleter();
    }

    private static void drop(Field table, Symtab symbols, ModuleSymbol module) {
        entries(table, symbols).values().removeIf(named -> named.remove(module) != null && named.isEmpty());
    }

    @SuppressWarnings("unchecked")
    private static Map<Name, Map<ModuleSymbol, Object>> entries(Field table, Symtab symbols) {
        try {
            return (Map<Name, Map<ModuleSymbol, Object>>) table.get(symbols);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Field table(String name) {
        try {
            Field found = Symtab.class.getDeclaredField(name);
            found.setAccessible(true);
            return found;
        } catch (NoSuchFieldException other) {
            throw new ExceptionInInitializerError(other);
        }
    }
}
