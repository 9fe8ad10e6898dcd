package humaneval;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The classes of one program, or of the tests of one: a loader of its own, filled from what steps.py packed. */
final class Classes extends ClassLoader {
    /** The declared functions: the type of the result, then those of the parameters. */
    final Type[][] functions;
    private final Map<String, byte[]> files = new HashMap<>();

    Classes(DataInputStream packed) throws IOException {
        super(ClassLoader.getSystemClassLoader());
        functions = new Type[packed.readInt()][];
        for (int i = 0; i < functions.length; i++) {
            functions[i] = new Type[packed.readInt()];
            for (int j = 0; j < functions[i].length; j++) {
                functions[i][j] = Type.of(text(packed));
            }
        }
        for (int count = packed.readInt(); count > 0; count--) {
            files.put(text(packed).replace('/', '.'), bytes(packed));
        }
    }

    static String text(DataInputStream packed) throws IOException {
        return new String(bytes(packed), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream packed) throws IOException {
        return packed.readNBytes(packed.readInt());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file = files.get(name);
        if (file == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, file, 0, file.length);
    }
}
