package humaneval;

import java.util.HashMap;
import java.util.Map;

/** The classes of one program, or of the tests of one: a loader of its own, filled from what steps.py packed. */
final class Classes extends ClassLoader {
    /** The declared functions: the type of the result, then those of the parameters. */
    final Type[][] functions;
    private final byte[] packed;
    private final Map<String, int[]> files = new HashMap<>(); // from, to

    /** From the reader's place on: the types of each function, then the classes, everything behind its count. */
    Classes(byte[] packed, Reader reader) {
        super(ClassLoader.getSystemClassLoader());
        this.packed = packed;
        functions = new Type[reader.u32()][];
        for (int i = 0; i < functions.length; i++) {
            functions[i] = new Type[reader.u32()];
            for (int j = 0; j < functions[i].length; j++) {
                functions[i][j] = Type.of(reader.text());
            }
        }
        for (int count = reader.u32(); count > 0; count--) {
            String name = reader.text().replace('/', '.');
            files.put(name, new int[] {reader.skip(), reader.at()});
        }
    }

    /** Its own classes first: no other has their names, and asking the parent first counts, which loads what counts. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        int[] file = files.get(name);
        if (file == null) {
            return getParent().loadClass(name);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : defineClass(name, packed, file[0], file[1] - file[0]);
        }
    }
}
