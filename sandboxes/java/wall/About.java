package humaneval;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What is told of a failed check: values as Java writes them, texts and characters in quotes, cut. */
final class About {
    static final Object UNKNOWN = new Object();
    private static final int CHARACTERS = 300;

    private final StringBuilder text = new StringBuilder();

    private About() {}

    /** The report's second line: one JSON object of those that are known. */
    static String json(Object[] given, Object got, String expected) {
        StringBuilder line = new StringBuilder("{");
        if (given != null) {
            String list = shown(Arrays.asList(given));
            add(line, "called_with", list.substring(1, list.endsWith("]") ? list.length() - 1 : list.length()));
        }
        if (expected != null) {
            add(line, "expected", cut(expected));
        }
        if (given != null && got != UNKNOWN) {
            add(line, "got", shown(got));
        }
        return line.append("}\n").toString();
    }

    static String shown(Object value) {
        About about = new About();
        about.show(value);
        return cut(about.text.toString());
    }

    private static String cut(String text) {
        return text.length() > CHARACTERS ? text.substring(0, CHARACTERS - 1) + "…" : text;
    }

    private void show(Object value) {
        if (text.length() > CHARACTERS) {
            return;
        }
        if (value instanceof String words) {
            quoted(words.length() > CHARACTERS ? words.substring(0, CHARACTERS) : words, '"');
        } else if (value instanceof Character) {
            quoted(value.toString(), '\'');
        } else if (value instanceof Map.Entry<?, ?> entry) {
            show(entry.getKey());
            text.append('=');
            show(entry.getValue());
        } else if (value instanceof Map<?, ?> map) {
            all(map.entrySet(), '{', '}');
        } else if (value instanceof Iterable<?> values) {
            all(values, '[', ']');
        } else if (value instanceof java.util.Optional<?> optional) {
            text.append(optional.isPresent() ? "Optional[" : "Optional.empty");
            optional.ifPresent(this::show);
            text.append(optional.isPresent() ? "]" : "");
        } else if (value != null && value.getClass().isArray()) {
            List<?> values = Arrays.asList(java.util.stream.IntStream.range(0, Math.min(CHARACTERS, java.lang.reflect.Array.getLength(value)))
                    .mapToObj(i -> java.lang.reflect.Array.get(value, i)).toArray());
            all(values, '[', ']');
        } else {
            text.append(value);
        }
    }

    private void all(Iterable<?> values, char open, char close) {
        text.append(open);
        String between = "";
        for (Object each : values) {
            text.append(between);
            show(each);
            between = ", ";
            if (text.length() > CHARACTERS) {
                return;
            }
        }
        text.append(close);
    }

    private void quoted(String words, char mark) {
        text.append(mark);
        for (char unit : words.toCharArray()) {
            if (unit == '\n') {
                text.append("\\n");
            } else {
                text.append(unit == mark || unit == '\\' ? "\\" : "").append(unit);
            }
        }
        text.append(mark);
    }

    private static void add(StringBuilder line, String name, String words) {
        line.append(line.length() > 1 ? ", " : "").append('"').append(name).append("\": \"");
        for (char unit : words.toCharArray()) {
            if (unit == '"' || unit == '\\') {
                line.append('\\').append(unit);
            } else if (unit < ' ' || Character.isSurrogate(unit)) {
                line.append(String.format("\\u%04x", (int) unit));
            } else {
                line.append(unit);
            }
        }
        line.append('"');
    }
}
