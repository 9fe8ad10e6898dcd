package humaneval;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.javatuples.Pair;

/** Writes one message of values.md after another, each value by its declared type. */
final class Writer {
    static final int MAX_BYTES = 64 << 20;
    static final int MAX_VALUES = 4_000_000;
    static final int MAX_DEPTH = 200;
    private static final int HEAD = 4; // the message's length

    private final boolean arguments; // say what lists and maps exactly are
    private byte[] bytes = new byte[1024];
    private int at = HEAD;
    private int values;

    Writer(boolean arguments) {
        this.arguments = arguments;
    }

    /** A value that breaks a limit; the text is what crosses in its place. */
    static final class Unsendable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unsendable(String what) {
            super(what, null, false, false);
        }
    }

    void start(char kind) {
        at = HEAD;
        values = 0;
        u8(kind);
    }

    void start(char kind, int number) {
        start(kind);
        u32(number);
    }

    /** Go back to a size that it had. */
    void back(int size) {
        at = size;
    }

    int size() {
        return at;
    }

    /** The message, with its length before it; to be written before the next one starts. */
    byte[] message() {
        set(0, at - HEAD);
        return bytes;
    }

    byte[] since(int start) {
        return Arrays.copyOfRange(bytes, start, at);
    }

    private void room(int more) {
        if (more > MAX_BYTES + HEAD - at) {
            throw new Unsendable("a value too large");
        }
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES + HEAD, Math.max(2 * bytes.length, at + more)));
        }
    }

    void u8(int number) {
        room(1);
        bytes[at++] = (byte) number;
    }

    void u32(int number) {
        room(4);
        set(at, number);
        at += 4;
    }

    private void set(int where, int number) {
        for (int i = 0; i < 4; i++) {
            bytes[where + i] = (byte) (number >> 8 * i);
        }
    }

    private void i64(long number) {
        u32((int) number);
        u32((int) (number >> 32));
    }

    void raw(byte[] more) {
        u32(more.length);
        room(more.length);
        System.arraycopy(more, 0, bytes, at, more.length);
        at += more.length;
    }

    /** A text of at most so many bytes, whatever is in it. */
    void text(String text, int most) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(all.length, most);
        while (end < all.length && (all[end] & 0xC0) == 0x80) {
            end--;
        }
        raw(Arrays.copyOf(all, end));
    }

    /** A value, or its refusal where it is too large or too deep. */
    void whole(Type type, Object value) {
        int start = at;
        try {
            value(type, value, 1);
        } catch (Unsendable why) {
            back(start);
            refusal(false, why.getMessage());
        }
    }

    private void refusal(boolean claims, String kind) {
        u8('X');
        u8(claims ? 1 : 0);
        text(kind, 200);
    }

    /** A value. Raises ClassCastException where it is not of the declared type, as a list may have what it says it has not. */
    void value(Type type, Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Unsendable("a value nested too deep");
        }
        if (++values > MAX_VALUES) {
            throw new Unsendable("a value too large");
        }
        if (value == null) {
            u8('n');
            return;
        }
        switch (type.kind) {
            case 'Z' -> u8((Boolean) value ? 't' : 'f');
            case 'B', 'S', 'I', 'J' -> integer(((Number) (type.raw.isPrimitive() ? value : type.raw.cast(value))).longValue());
            case 'F' -> {
                u8('e');
                u32(Float.floatToRawIntBits((Float) value));
            }
            case 'D' -> {
                u8('d');
                i64(Double.doubleToRawLongBits((Double) value));
            }
            case 'C' -> {
                u8('c');
                u32((Character) value);
            }
            case 'T' -> string((String) value);
            case 'N' -> big((BigInteger) value);
            case 'L' -> list(type, (Collection<?>) value, null, depth);
            case 'U' -> list(type, (Set<?>) value, "Set", depth);
            case 'M' -> map(type, (Map<?, ?>) value, depth);
            case 'A' -> array(type, value, depth);
            case 'P' -> entry(type, value instanceof Pair<?, ?> pair
                    ? new AbstractMap.SimpleEntry<>(pair.getValue0(), pair.getValue1()) : (Map.Entry<?, ?>) value, depth);
            case 'Q' -> optional(type.inner[0], (Optional<?>) value, depth);
            default -> any(value, depth);
        }
    }

    /** A value of which the declaration says nothing: with the name of its exact type. */
    private void any(Object value, int depth) {
        Type exact = Type.NAMED.get(value.getClass());
        if (exact != null) {
            name(exact.name);
            value(exact, value, depth + 1);
        } else if (value instanceof List<?> list) {
            list(Type.ANYTHINGS, list, null, depth);
        } else if (value instanceof Map<?, ?> map) {
            map(Type.ENTRY, map, depth);
        } else if (value instanceof Set<?> set) {
            list(Type.ANYTHINGS, set, "Set", depth);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            entry(Type.ENTRY, entry, depth);
        } else if (value instanceof Optional<?> optional) {
            optional(Type.ANY, optional, depth);
        } else {
            refusal(claims(value), value.getClass().getTypeName());
        }
    }

    /** Whether a class of the program's says itself what a value equals; of the platform's own classes none lies. */
    private static boolean claims(Object value) {
        try {
            return value.getClass().getMethod("equals", Object.class).getDeclaringClass().getClassLoader() != null;
        } catch (NoSuchMethodException never) {
            return true;
        }
    }

    private void name(String name) {
        u8('k');
        u8(name.length());
        for (int i = 0; i < name.length(); i++) {
            u8(name.charAt(i));
        }
    }

    private void integer(long number) {
        u8('i');
        i64(number);
    }

    private void big(BigInteger number) {
        if (number.bitLength() < Long.SIZE) {
            integer(number.longValue());
            return;
        }
        byte[] backwards = number.toByteArray();
        byte[] order = new byte[backwards.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = backwards[order.length - 1 - i];
        }
        u8('I');
        raw(order);
    }

    private void string(String text) {
        if (text.length() > MAX_BYTES) {
            throw new Unsendable("a value too large");
        }
        boolean whole = true;
        for (int i = 0; whole && i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                whole = Character.isHighSurrogate(unit) && ++i < text.length() && Character.isLowSurrogate(text.charAt(i));
            }
        }
        u8(whole ? 's' : 'w');
        raw(whole ? text.getBytes(StandardCharsets.UTF_8) : units(text));
    }

    /** UTF-16 as it is: Java's own encoder puts a question mark in place of half a character. */
    private static byte[] units(String text) {
        byte[] units = new byte[2 * text.length()];
        for (int i = 0; i < text.length(); i++) {
            units[2 * i] = (byte) text.charAt(i);
            units[2 * i + 1] = (byte) (text.charAt(i) >> 8);
        }
        return units;
    }

    private void entry(Type type, Map.Entry<?, ?> entry, int depth) {
        u8('p');
        u32(2);
        value(type.inner[0], entry.getKey(), depth + 1);
        value(type.inner[1], entry.getValue(), depth + 1);
    }

    private void optional(Type inner, Optional<?> optional, int depth) {
        name("Optional");
        value(inner, optional.orElse(null), depth + 1);
    }

    /** Elements as they come: how many there are is known behind the last. */
    private void list(Type type, Collection<?> values, String usual, int depth) {
        int inside = named(values, usual, depth);
        u8('l');
        int count = 0;
        int place = at;
        u32(0);
        for (Object each : values) {
            value(type.inner[0], each, inside + 1);
            count++;
        }
        set(place, count);
    }

    private void map(Type type, Map<?, ?> values, int depth) {
        int inside = named(values, null, depth);
        u8('m');
        int count = 0;
        int place = at;
        u32(0);
        for (Map.Entry<?, ?> each : values.entrySet()) {
            value(type.inner[0], each.getKey(), inside + 1);
            value(type.inner[1], each.getValue(), inside + 1);
            count++;
        }
        set(place, count);
    }

    /** Write what an argument exactly is, or the name of the usual kind where that has one; return how deep it is then. */
    private int named(Object container, String usual, int depth) {
        String exact = arguments ? Containers.name(container) : null;
        String name = exact != null ? exact : usual;
        if (name == null) {
            return depth;
        }
        name(name);
        return depth + 1;
    }

    private void array(Type type, Object values, int depth) {
        int count = Array.getLength(values);
        u8('l');
        u32(count);
        for (int i = 0; i < count; i++) {
            value(type.inner[0], Array.get(values, i), depth + 1);
        }
    }
}
