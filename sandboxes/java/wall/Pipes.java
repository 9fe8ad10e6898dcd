package humaneval;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The two pipes to the other side: whole messages. */
final class Pipes {
    private final InputStream in;
    private final OutputStream out;

    Pipes(FileInputStream in, FileOutputStream out) {
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    /** Descriptors by their numbers. The plain `java` opens java.io for it; the launcher needs no leave. */
    static FileDescriptor[] descriptors(int first, int count) throws ReflectiveOperationException {
        var made = FileDescriptor.class.getDeclaredConstructor(int.class);
        made.setAccessible(true);
        FileDescriptor[] found = new FileDescriptor[count];
        for (int i = 0; i < count; i++) {
            found[i] = made.newInstance(first + i);
        }
        return found;
    }

    /** What a file holds; it is gone then, as the launcher has it too. */
    static byte[] taken(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] packed = in.readAllBytes();
            new File(file).delete();
            return packed;
        }
    }

    /** The next message, or null at the end of the pipe. */
    byte[] receive() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
            return null;
        }
        int size = new Reader(head, false).u32();
        if (size <= 0 || size > Writer.MAX_BYTES) {
            throw new Reader.Broken("a message of " + Integer.toUnsignedString(size) + " bytes");
        }
        byte[] body = in.readNBytes(size);
        return body.length == size ? body : null;
    }

    void send(Writer message) throws IOException {
        out.write(message.message(), 0, message.size());
    }
}
