package humaneval;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The platform's own lists, sets and maps that arguments are built as: a list that the tests cannot be added to cannot be
 * added to on the other side either. Any other is built as the usual one, which keeps its order.
 */
final class Containers {
    /** Where arguments are written: on the tests' side alone. */
    private static final class Names {
        static final Map<Class<?>, String> OF = new HashMap<>();

        static {
            OF.put(Arrays.asList().getClass(), "Arrays.asList");
            OF.put(List.of().getClass(), "List.of");
            OF.put(List.of(1).getClass(), "List.of");
            OF.put(Set.of().getClass(), "Set.of");
            OF.put(Set.of(1).getClass(), "Set.of");
            OF.put(Map.of().getClass(), "Map.of");
            OF.put(Map.of(1, 1).getClass(), "Map.of");
            OF.put(LinkedList.class, "LinkedList");
            OF.put(TreeSet.class, "TreeSet");
            OF.put(TreeMap.class, "TreeMap");
        }
    }

    private Containers() {}

    /** The name that a container crosses with, or null for the usual ones. */
    static String name(Object container) {
        return Names.OF.get(container.getClass());
    }

    /** What is behind a name: the tag of a list, of a map, or 0 where it is none of these names. */
    static char content(String name) {
        return switch (name) {
            case "Arrays.asList", "List.of", "LinkedList", "Set.of", "TreeSet" -> 'l';
            case "Map.of", "TreeMap" -> 'm';
            default -> 0;
        };
    }

    /** An empty map of a declared type. */
    static Map<Object, Object> map(String type) {
        return type.equals("TreeMap") ? new TreeMap<>() : new LinkedHashMap<>();
    }

    /** A map of a name that it crossed with. */
    static Object of(String name, Map<?, ?> content) {
        return name.equals("Map.of") ? Map.copyOf(content) : new TreeMap<>(content);
    }

    /** A list or a set of a name that it crossed with. */
    static Object of(String name, List<?> content) {
        return switch (name) {
            case "Arrays.asList" -> Arrays.asList(content.toArray());
            case "List.of" -> List.copyOf(content);
            case "LinkedList" -> new LinkedList<>(content);
            case "Set.of" -> Set.copyOf(content);
            case "TreeSet" -> new TreeSet<>(content);
            default -> new LinkedHashSet<>(content);
        };
    }
}
