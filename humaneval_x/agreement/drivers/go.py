"""Calls Go's solutions: one package, each problem's names with a number of their own behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from humaneval_x.agreement.calls import RANGES, Case, Function, decimal, fits, fitting, quoted, unfit, whole

IMPORTS = re.compile(r"^import\s*(?:\([^)]*\)|\"[^\"]*\")", re.MULTILINE)
PATH = re.compile(r"\"([\w/.]+)\"")
TOP = re.compile(r"^(?:func|type|var|const) (\w+)", re.MULTILINE)
OURS = ("bufio", "fmt", "math", "os", "reflect", "strings")
SHOW = r"""
func told_text(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		if c < 32 || c > 126 || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\u%04x", c)
		} else {
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
func told_show(v reflect.Value) string {
	if !v.IsValid() {
		return "null"
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Ptr:
		if v.IsNil() {
			return "null"
		}
		return told_show(v.Elem())
	case reflect.String:
		return told_text(v.String())
	case reflect.Slice, reflect.Array:
		all := []string{}
		for i := 0; i < v.Len(); i++ {
			all = append(all, told_show(v.Index(i)))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case reflect.Map:
		all := []string{}
		for _, key := range v.MapKeys() {
			all = append(all, "["+told_show(key)+", "+told_show(v.MapIndex(key))+"]")
		}
		return "{\"map\": [" + strings.Join(all, ", ") + "]}"
	case reflect.Float32, reflect.Float64:
		f := v.Float()
		if math.IsNaN(f) {
			return "NaN"
		}
		if math.IsInf(f, 0) {
			return map[bool]string{true: "Infinity", false: "-Infinity"}[f > 0]
		}
		return fmt.Sprintf("%.17g", f)
	}
	return fmt.Sprint(v.Interface())
}
func told_call(number int, run func() []reflect.Value) {
	defer func() {
		if recover() != nil {
			fmt.Printf("%d\t!panic\n", number)
		}
	}()
	got := run()
	if len(got) == 1 {
		fmt.Printf("%d\t%s\n", number, told_show(got[0]))
		return
	}
	all := []string{}
	for _, each := range got {
		all = append(all, told_show(each))
	}
	fmt.Printf("%d\t[%s]\n", number, strings.Join(all, ", "))
}
func told_values(values ...interface{}) []reflect.Value {
	all := []reflect.Value{}
	for _, each := range values {
		all = append(all, reflect.ValueOf(each))
	}
	return all
}
"""


def source(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the program."""
    texts, paths = [], dict.fromkeys(OURS)
    for at, each in enumerate(functions):
        body = IMPORTS.sub("", re.sub(r"^package \w+", "", each.text, flags=re.MULTILINE))
        used = [path for found in IMPORTS.findall(each.text) for path in PATH.findall(found)]
        paths |= dict.fromkeys(path for path in used if re.search(rf"\b{path.rpartition('/')[2]}\.", body))
        for name in TOP.findall(body):
            body = re.sub(rf"(?<![.\w]){name}\b", f"{name}_{at}", body)
        texts.append(body)
    parts = ["package main", "import (", *[f'\t"{path}"' for path in paths], ")", SHOW]
    for at, (each, body) in enumerate(zip(functions, texts, strict=True)):
        parts += [body, f"func told_run_{at}() {{", *calls(each, at, cases[each.number]), "}"]
    choice = "\n".join(f"\tcase {at}:\n\t\ttold_run_{at}()" for at in range(len(functions)))
    start = "func main() {\n\tvar at int\n\tfmt.Fscan(bufio.NewReader(os.Stdin), &at)\n\tswitch at {"
    return "\n".join([*parts, f"{start}\n{choice}\n\t}}\n}}\n"])


def calls(function: Function, at: int, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the call of each case whose values fit."""
    for number, values in fitting(function, cases, literal):
        call = f"{function.name}_{at}({', '.join(values)})"
        yield f"told_call({number}, func() []reflect.Value {{ return told_values({call}) }})"


def literal(kind: Any, value: Any, text: str) -> str:
    """Return a value of a type, written `text`, as Go writes it. Raises Unfit."""
    if isinstance(kind, dict):
        if "list" in kind:
            inner = [literal(kind["list"], each, text[2:].strip()) for each in fits(value, list)]
            return f"{text}{{{', '.join(inner)}}}"
        if "map" in kind and (found := re.fullmatch(r"map\[(\w+)\](.+)", text)):
            pairs = [
                f"{literal(kind['map'][0], k, found[1])}: {literal(kind['map'][1], v, found[2])}"
                for k, v in fits(value, dict).items()
            ]
            return f"{text}{{{', '.join(pairs)}}}"
        return unfit(value)
    if kind in RANGES:
        return f"{text}({whole(value, kind)})"
    if kind in ("f32", "f64"):
        return f"{text}({decimal(value)})"
    if kind == "bool":
        return str(fits(value, bool)).lower()
    if kind == "bytes":
        return quoted(fits(value, str))
    if value is None:
        return "nil"
    if isinstance(value, list):
        return literal({"list": "any"}, value, "[]interface{}")
    by_type = {bool: ("bool", "bool"), int: ("i64", "int"), float: ("f64", "float64"), str: ("bytes", "string")}
    return literal(by_type[type(value)][0], value, by_type[type(value)][1]) if type(value) in by_type else unfit(value)
