package humaneval;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.javatuples.Pair;

/** Reads one message of values.md; each value is built anew, by its declared type, as the platform's own. */
final class Reader {
    private static final String TAGS = "nutfiIdecswxblpmkX";
    private static final int LONGEST_CONSTANT = 65535;

    private final byte[] bytes;
    private final boolean arguments; // of a call, which say what lists and maps exactly are
    private int at;
    private int values;

    Reader(byte[] bytes, boolean arguments) {
        this.bytes = bytes;
        this.arguments = arguments;
    }

    /** What was read is no message: no dispatcher sends it. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String what) {
            super(what, null, false, false);
        }
    }

    /** A value is not of the declared type, or none at all: the program's error; tampering where it claims equality. */
    static final class Odd extends RuntimeException {
        private static final long serialVersionUID = 1;
        final boolean claims;

        Odd(String what, boolean claims) {
            super(what, null, false, false);
            this.claims = claims;
        }
    }

    int at() {
        return at;
    }

    /** Go past bytes with their count before them; return where they begin. */
    int skip() {
        return take(count(1));
    }

    boolean sameAs(byte[] others, int start) {
        return java.util.Arrays.equals(bytes, start, bytes.length, others, 0, others.length);
    }

    private int take(int size) {
        if (size < 0 || size > bytes.length - at) {
            throw new Broken("a value is cut short");
        }
        at += size;
        return at - size;
    }

    int u8() {
        return bytes[take(1)] & 0xFF;
    }

    int u32() {
        int from = take(4);
        return bytes[from] & 0xFF | (bytes[from + 1] & 0xFF) << 8 | (bytes[from + 2] & 0xFF) << 16 | bytes[from + 3] << 24;
    }

    private long i64() {
        return u32() & 0xFFFFFFFFL | (long) u32() << 32;
    }

    /** A count of things that take at least so many bytes each. */
    int count(int least) {
        int count = u32();
        if (count < 0 || count > (bytes.length - at) / least) {
            throw new Broken("more elements than bytes");
        }
        return count;
    }

    void end() {
        if (at != bytes.length) {
            throw new Broken("bytes behind the last value");
        }
    }

    /** A text behind its length. */
    String text() {
        return text(count(1));
    }

    private String text(int size) {
        int from = take(size);
        for (int i = from; i < at; i++) {
            if (bytes[i] < 0) {
                try {
                    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, size)).toString();
                } catch (CharacterCodingException bad) {
                    throw new Broken("a text is no UTF-8");
                }
            }
        }
        return new String(bytes, from, size, StandardCharsets.ISO_8859_1);
    }

    Object value(Type type) {
        return value(type, 1);
    }

    private Object value(Type type, int depth) {
        if (depth > Writer.MAX_DEPTH) {
            throw new Broken("a value nested too deep");
        }
        if (++values > Writer.MAX_VALUES) {
            throw new Broken("a value too large");
        }
        char tag = (char) u8();
        if (tag == 'X') {
            throw refused();
        }
        if (tag == 'n' && !type.raw.isPrimitive() || tag == 'n' && type.kind == 'V') {
            return null;
        }
        return switch (type.kind) {
            case 'Z' -> tag == 't' || tag == 'f' ? tag == 't' : mismatch(type, tag);
            case 'B', 'S', 'I', 'J' -> tag == 'i' ? integer(type) : mismatch(type, tag);
            case 'F' -> tag == 'e' ? Float.intBitsToFloat(u32()) : mismatch(type, tag);
            case 'D' -> tag == 'd' ? Double.longBitsToDouble(i64()) : mismatch(type, tag);
            case 'C' -> tag == 'c' ? character() : mismatch(type, tag);
            case 'T' -> tag == 's' || tag == 'w' ? string(tag) : mismatch(type, tag);
            case 'N' -> tag == 'i' ? BigInteger.valueOf(i64()) : tag == 'I' ? big() : mismatch(type, tag);
            case 'L' -> tag == 'l' ? list(type, depth) : tag == 'k' ? named(type, depth) : mismatch(type, tag);
            case 'M' -> tag == 'm' ? map(type, depth) : tag == 'k' ? named(type, depth) : mismatch(type, tag);
            case 'U', 'Q' -> tag == 'k' ? named(type, depth) : mismatch(type, tag);
            case 'P' -> tag == 'p' ? entry(type, depth) : mismatch(type, tag);
            case 'A' -> tag == 'l' ? array(type, depth) : mismatch(type, tag);
            case 'O' -> any(tag, depth);
            default -> mismatch(type, tag);
        };
    }

    private static Object mismatch(Type type, char tag) {
        if (TAGS.indexOf(tag) < 0) {
            throw new Broken("a value with the tag " + (int) tag);
        }
        throw new Odd("a value was returned that is no " + type.name, false);
    }

    private Odd refused() {
        int claims = u8();
        if (claims > 1) {
            throw new Broken("claims is neither 0 nor 1");
        }
        String kind = text();
        return new Odd((kind.startsWith("a ") ? "" : "a ") + kind + " was returned, which " + (claims == 1 ? "says itself what it equals" : "is no plain value"), claims == 1);
    }

    private Object any(char tag, int depth) {
        return switch (tag) {
            case 'k' -> named(Type.ANY, depth);
            case 'l' -> list(Type.ANYTHINGS, depth);
            case 'm' -> map(Type.ENTRY, depth);
            case 'p' -> entry(Type.ENTRY, depth);
            default -> mismatch(Type.ANY, tag);
        };
    }

    /** A value behind a name: of a closed list, and one that the declared type takes. */
    private Object named(Type type, int depth) {
        String name = text(u8());
        boolean anything = type.kind == 'O';
        if (name.equals("Optional") && (anything || type.kind == 'Q')) {
            return Optional.ofNullable(value(anything ? type : type.inner[0], depth + 1));
        }
        Type exact = Type.KNOWN.get(name);
        if (anything && exact != null && Type.NAMED.containsKey(exact.raw)) {
            return value(exact, depth + 1);
        }
        char behind = Containers.content(name);
        if (!name.equals("Set") && !(arguments && behind != 0)) {
            throw new Broken("a value of the type " + name);
        }
        if (behind == 'm') {
            return type.kind == 'M' || anything ? Containers.of(name, (Map<?, ?>) content('m', anything ? Type.ENTRY : type, depth)) : mismatch(type, 'k');
        }
        boolean set = name.contains("Set");
        if (!anything && type.kind != (set ? 'U' : 'L')) {
            return mismatch(type, 'k');
        }
        List<?> content = (List<?>) content('l', anything ? Type.ANYTHINGS : Type.listOf(type.inner[0]), depth);
        return Containers.of(type.kind == 'U' && name.equals("Set") ? type.name : name, content);
    }

    /** What is behind a container's name. */
    private Object content(char wanted, Type type, int depth) {
        char tag = (char) u8();
        if (depth >= Writer.MAX_DEPTH || ++values > Writer.MAX_VALUES) {
            throw new Broken("a value nested too deep, or too large");
        }
        return tag != wanted ? mismatch(type, tag) : wanted == 'm' ? map(type, depth + 1) : list(type, depth + 1);
    }

    private Object integer(Type type) {
        long number = i64();
        switch (type.kind) {
            case 'B':
                return number == (byte) number ? (Object) (byte) number : mismatch(type, 'i');
            case 'S':
                return number == (short) number ? (Object) (short) number : mismatch(type, 'i');
            case 'I':
                return number == (int) number ? (Object) (int) number : mismatch(type, 'i');
            default:
                return number;
        }
    }

    private Object character() {
        int number = u32();
        if (number < 0 || number > Character.MAX_CODE_POINT) {
            throw new Broken("a character out of range");
        }
        return number <= Character.MAX_VALUE ? (Object) (char) number : mismatch(Type.KNOWN.get("char"), 'c');
    }

    /** A text. What can be a constant is the constant of that text: tests compare by == what a program may hand back. */
    private String string(char tag) {
        int size = count(1);
        if (tag == 'w' && size % 2 != 0) {
            throw new Broken("half a UTF-16 unit");
        }
        String text = tag == 's' ? text(size) : units(size / 2);
        return size <= LONGEST_CONSTANT ? text.intern() : text;
    }

    private String units(int count) {
        char[] units = new char[count];
        for (int i = 0; i < count; i++) {
            units[i] = (char) (u8() | u8() << 8);
        }
        return new String(units);
    }

    private BigInteger big() {
        int size = count(1);
        int from = take(size);
        byte[] order = new byte[size];
        for (int i = 0; i < size; i++) {
            order[i] = bytes[from + size - 1 - i];
        }
        boolean needed = size > 8 && new BigInteger(order).bitLength() / 8 + 1 == size;
        if (!needed) {
            throw new Broken("an integer in more bytes than it needs");
        }
        return new BigInteger(order);
    }

    private Object list(Type type, int depth) {
        int count = count(1);
        List<Object> found = type.name.equals("LinkedList") ? new LinkedList<>() : new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            found.add(value(type.inner[0], depth + 1));
        }
        return found;
    }

    private Object map(Type type, int depth) {
        Map<Object, Object> found = Containers.map(type.name);
        for (int count = count(2); count > 0; count--) {
            Object key = value(type.inner[0], depth + 1);
            found.put(key, value(type.inner[1], depth + 1));
        }
        return found;
    }

    private Object entry(Type type, int depth) {
        if (count(1) != 2) {
            throw new Broken("an entry of other than two");
        }
        Object key = value(type.inner[0], depth + 1);
        Object other = value(type.inner[1], depth + 1);
        return type.raw == Pair.class ? Pair.with(key, other) : new AbstractMap.SimpleEntry<>(key, other);
    }

    private Object array(Type type, int depth) {
        int count = count(1);
        Object found = Array.newInstance(type.inner[0].raw, count);
        for (int i = 0; i < count; i++) {
            Array.set(found, i, value(type.inner[0], depth + 1));
        }
        return found;
    }
}
