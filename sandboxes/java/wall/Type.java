package humaneval;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.javatuples.Pair;

/**
 * A declared type, as Java writes it: {@code int}, {@code Map<String, List<Integer>>}, {@code double[]}.
 *
 * <p>Knows the types of {@code languages/declared.py}, which has refused all others before.
 */
final class Type {
    static final Map<String, Type> KNOWN = new HashMap<>();
    /** What crosses with its name where the declared type says nothing. */
    static final Map<Class<?>, Type> NAMED = new HashMap<>();

    static {
        Class<?>[] boxes = {Boolean.class, Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class, Character.class};
        Class<?>[] primitives = {boolean.class, byte.class, short.class, int.class, long.class, float.class, double.class, char.class};
        String kinds = "ZBSIJFDC"; // as in the class file's descriptors
        for (int i = 0; i < boxes.length; i++) {
            KNOWN.put(primitives[i].getName(), new Type(kinds.charAt(i), primitives[i].getName(), primitives[i]));
            name(new Type(kinds.charAt(i), boxes[i].getSimpleName(), boxes[i]));
        }
        name(new Type('T', "String", String.class));
        name(new Type('N', "BigInteger", BigInteger.class));
        KNOWN.put("Object", new Type('O', "Object", Object.class));
        KNOWN.put("void", new Type('V', "void", void.class));
    }

    static final Type ANY = KNOWN.get("Object");
    static final Type ANYTHINGS = new Type('L', "List", List.class, ANY);
    static final Type ENTRY = new Type('P', "Entry", Map.Entry.class, ANY, ANY);

    /** One letter: a descriptor's, or T text, N BigInteger, O Object, V void, L list, U set, M map, P entry, Q optional, A array. */
    final char kind;
    final String name;
    final Class<?> raw;
    final Type[] inner;

    private Type(char kind, String name, Class<?> raw, Type... inner) {
        this.kind = kind;
        this.name = name;
        this.raw = raw;
        this.inner = inner;
    }

    static Type listOf(Type element) {
        return new Type('L', "List", List.class, element);
    }

    private static void name(Type type) {
        KNOWN.put(type.name, type);
        NAMED.put(type.raw, type);
    }

    static Type of(String text) {
        String plain = text.strip();
        plain = plain.startsWith("final ") ? plain.substring(6).strip() : plain;
        if (plain.endsWith("[]")) {
            Type element = of(plain.substring(0, plain.length() - 2));
            return new Type('A', "array", element.raw.arrayType(), element);
        }
        int bracket = plain.indexOf('<');
        String name = bracket < 0 ? plain : plain.substring(0, bracket);
        name = name.substring(name.lastIndexOf('.') + 1).strip();
        if (bracket < 0) {
            Type known = KNOWN.get(name);
            if (known == null) {
                throw new IllegalArgumentException("the type " + text);
            }
            return known;
        }
        Type[] inner = arguments(plain.substring(bracket + 1, plain.lastIndexOf('>')));
        switch (name) {
            case "Optional":
                return new Type('Q', name, java.util.Optional.class, inner);
            case "Pair":
                return new Type('P', name, Pair.class, inner);
            case "Entry":
                return new Type('P', name, Map.Entry.class, inner);
            case "Set", "HashSet", "TreeSet":
                return new Type('U', name, raw(name), inner);
            case "Map", "HashMap", "TreeMap":
                return new Type('M', name, raw(name), inner);
            default:
                return new Type('L', name, raw(name), inner);
        }
    }

    private static Class<?> raw(String name) {
        try {
            return Class.forName("java.util." + name);
        } catch (ClassNotFoundException unknown) {
            throw new IllegalArgumentException("the type " + name);
        }
    }

    private static Type[] arguments(String text) {
        List<Type> found = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int at = 0; at <= text.length(); at++) {
            char mark = at < text.length() ? text.charAt(at) : ',';
            depth += mark == '<' ? 1 : mark == '>' ? -1 : 0;
            if (mark == ',' && depth == 0) {
                found.add(of(text.substring(begin, at)));
                begin = at + 1;
            }
        }
        return found.toArray(new Type[0]);
    }
}
