"""Calls Java's solutions: a class around each problem's class, its imports above all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from humaneval_x.agreement.calls import RANGES, Case, Function, Unfit, decimal, fits, fitting, quoted, unfit, whole

IMPORT = re.compile(r"^[ \t]*import[^;\n]*;", re.MULTILINE)
CLASS = re.compile(r"^(?=(?:final |abstract )*(?:class|interface|enum|record) )", re.MULTILINE)
BOXES = {"i8": "Byte", "i16": "Short", "i32": "Integer", "i64": "Long", "f32": "Float", "f64": "Double"}
BOXES |= {"bool": "Boolean", "char": "Character", "text": "String", "any": "Object"}
SHOW = r"""
class Told {
    interface Call { Object run() throws Throwable; }
    static String text(String v) {
        StringBuilder s = new StringBuilder("\"");
        for (char c : v.toCharArray()) {
            boolean plain = c > 31 && c < 127 && c != '"' && c != '\\';
            s.append(plain ? "" + c : String.format("\\u%04x", (int) c));
        }
        return s.append('"').toString();
    }
    static String show(Object v) {
        if (v == null) return "null";
        if (v instanceof Optional) return show(((Optional<?>) v).orElse(null));
        if (v instanceof String || v instanceof Character) return text(v.toString());
        if (v instanceof Map.Entry) {
            Map.Entry<?, ?> pair = (Map.Entry<?, ?>) v;
            return show(Arrays.asList(pair.getKey(), pair.getValue()));
        }
        if (v instanceof Map) return "{\"map\": " + show(new ArrayList<Object>(((Map<?, ?>) v).entrySet())) + "}";
        if (v.getClass().isArray()) {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < java.lang.reflect.Array.getLength(v); i++) all.add(java.lang.reflect.Array.get(v, i));
            return show(all);
        }
        if (v instanceof Collection) {
            StringJoiner s = new StringJoiner(", ", "[", "]");
            for (Object each : (Collection<?>) v) s.add(show(each));
            return s.toString();
        }
        return v instanceof Number || v instanceof Boolean ? v.toString() : "!" + v.getClass().getName();
    }
    static void call(int number, Call call) {
        String s;
        try { s = show(call.run()); } catch (Throwable e) { s = "!" + e.getClass().getSimpleName(); }
        System.out.println(number + "\t" + s);
        System.out.flush();
    }
}
"""


def source(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the program."""
    own = [line.strip() for each in functions for line in IMPORT.findall(each.text)]
    imports = dict.fromkeys(["import java.util.*;", *own])
    parts = ["\n".join(imports), SHOW]
    for at, each in enumerate(functions):
        inner = CLASS.sub("static ", IMPORT.sub("", each.text))
        # A method has at most 64 KiB of code, so each case is one of its own.
        made = [(number, call(each, number, values)) for number, values in fitting(each, cases[each.number], literal)]
        methods = "\n".join(f"static void c{number}() {{ {line} }}" for number, line in made)
        parts.append(f"class P{at} {{\n{inner}\n{methods}\nstatic void run() {{")
        parts += [f"c{number}();" for number, _ in made]
        parts.append("}\n}")
    choice = "\n".join(f"case {at}: P{at}.run(); break;" for at in range(len(functions)))
    start = "public class Main { public static void main(String[] a) { switch (new Scanner(System.in).nextInt()) {"
    return "\n".join([*parts, f"{start}\n{choice}\n}} }} }}\n"])


def call(function: Function, number: int, values: Sequence[str]) -> str:
    """Return the call of one case."""
    return f"Told.call({number}, () -> new Solution().{function.name}({', '.join(values)}));"


def boxed(kind: Any) -> str:
    """Return the name of a type as a list's elements have it."""
    if isinstance(kind, dict) and "list" in kind:
        return f"List<{boxed(kind['list'])}>"
    if isinstance(kind, dict) or kind not in BOXES:
        raise Unfit(kind)
    return BOXES[kind]


def literal(kind: Any, value: Any, text: str = "") -> str:
    """Return a value of a type as Java writes it. Raises Unfit."""
    if isinstance(kind, dict):
        if "list" in kind:
            array = text.endswith("[]")
            inner = [literal(kind["list"], each, text[:-2] if array else "") for each in fits(value, list)]
            if array:
                return f"new {text}{{{', '.join(inner)}}}"
            return f"new ArrayList<{boxed(kind['list'])}>(Arrays.asList({', '.join(inner)}))"
        if "map" in kind:
            pairs = [
                f"Map.entry({literal(kind['map'][0], k)}, {literal(kind['map'][1], v)})"
                for k, v in fits(value, dict).items()
            ]
            return f"new HashMap<>(Map.ofEntries({', '.join(pairs)}))" if pairs else "new HashMap<>()"
        if "optional" in kind:
            return "Optional.empty()" if value is None else f"Optional.of({literal(kind['optional'], value)})"
        return unfit(value)
    if kind in RANGES:
        return whole(value, kind) + ("L" if kind == "i64" else "")
    if kind in ("f32", "f64"):
        return decimal(value) + ("f" if kind == "f32" else "")
    if kind == "bool":
        return str(fits(value, bool)).lower()
    if kind == "char":
        return f"(char) {ord(value)}" if isinstance(value, str) and len(value) == 1 else unfit(value)
    if kind == "text":
        return quoted(fits(value, str))
    if value is None:
        return "(Object) null"
    if isinstance(value, list):
        return literal({"list": "any"}, value)
    by_type = {bool: "bool", int: "i32", float: "f64", str: "text"}
    return literal(by_type[type(value)], value) if type(value) in by_type else unfit(value)
