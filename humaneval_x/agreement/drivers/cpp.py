"""Calls C++'s solutions: a namespace for each problem, its includes above all. Each case is a process of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from humaneval_x.agreement.calls import RANGES, Case, Function, Unfit, decimal, fits, fitting, quoted, unfit, whole

INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"][^>\"\n]*[>\"].*$", re.MULTILINE)
NAMES = {"i32": "int", "i64": "long long", "u64": "unsigned long long", "f32": "float", "f64": "double"}
NAMES |= {"bool": "bool", "char": "char", "bytes": "string", "any": "boost::any"}
ABOVE = """
#include <cmath>
#include <cstdio>
#include <iostream>
#include <list>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unistd.h>
#include <sys/wait.h>
#include <utility>
#include <vector>
"""
SHOW = r"""
namespace told {
using std::string;
inline string show(bool v) { return v ? "true" : "false"; }
inline string show(const string& v) {
    string s = "\"";
    for (unsigned char c : v) {
        char b[8];
        bool plain = c > 31 && c < 127 && c != '"' && c != '\\';
        snprintf(b, sizeof b, plain ? "%c" : "\\u%04x", c);
        s += b;
    }
    return s + "\"";
}
inline string show(char v) { return show(string(1, v)); }
inline string show(const char* v) { return show(string(v)); }
template <class T> typename std::enable_if<std::is_integral<T>::value, string>::type show(T v) {
    return std::to_string(v);
}
template <class T> typename std::enable_if<std::is_floating_point<T>::value, string>::type show(T v) {
    char b[64];
    if (std::isnan(v)) return "NaN";
    if (std::isinf(v)) return v > 0 ? "Infinity" : "-Infinity";
    snprintf(b, sizeof b, "%.*g", sizeof(T) == 4 ? 8 : 17, (double)v);
    return b;
}
template <class A, class B> string show(const std::pair<A, B>& v);
template <class... T> string show(const std::tuple<T...>& v);
template <class T> string show(const std::vector<T>& v);
template <class T> string show(const std::list<T>& v);
template <class T> string show(const std::set<T>& v);
template <class K, class V> string show(const std::map<K, V>& v);
#ifdef BOOST_ANY_INCLUDED
string show(const boost::any& v);
#endif
template <class C> string all(const C& v) {
    string s = "[";
    for (auto i = v.begin(); i != v.end(); ++i) s += (i == v.begin() ? "" : ", ") + show(*i);
    return s + "]";
}
template <class A, class B> string show(const std::pair<A, B>& v) {
    return "[" + show(v.first) + ", " + show(v.second) + "]";
}
template <class... T> string show(const std::tuple<T...>& v) {
    string s;
    std::apply([&](const T&... each) { ((s += (s.empty() ? "" : ", ") + show(each)), ...); }, v);
    return "[" + s + "]";
}
template <class T> string show(const std::vector<T>& v) { return all(v); }
template <class T> string show(const std::list<T>& v) { return all(v); }
template <class T> string show(const std::set<T>& v) { return all(v); }
template <class K, class V> string show(const std::map<K, V>& v) { return "{\"map\": " + all(v) + "}"; }
#ifdef BOOST_ANY_INCLUDED
template <class T> bool is(const boost::any& v, string& s) {
    if (v.type() != typeid(T)) return false;
    s = show(boost::any_cast<T>(v));
    return true;
}
inline string show(const boost::any& v) {
    string s = "!another type";
    if (v.empty()) return "null";
    is<bool>(v, s) || is<int>(v, s) || is<double>(v, s) || is<float>(v, s) || is<string>(v, s) ||
        is<std::vector<int>>(v, s);
    return s;
}
#endif
template <class F> void call(int number, F run) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(3);
        string s;
        try { s = run(); } catch (...) { s = "!thrown"; }
        printf("%d\t%s\n", number, s.c_str());
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) printf("%d\t!signal %d\n", number, WTERMSIG(status));
}
}
"""


def source(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the program."""
    includes = list(dict.fromkeys(line.strip() for each in functions for line in INCLUDE.findall(each.text)))
    any_is_there = "#define BOOST_ANY_INCLUDED\n" if any("boost/any" in line for line in includes) else ""
    parts = [ABOVE, "\n".join(includes), any_is_there, SHOW, "using namespace std;"]
    for at, each in enumerate(functions):
        parts.append(f"namespace p{at} {{\n{INCLUDE.sub('', each.text)}\nvoid run_() {{")
        parts += calls(each, cases[each.number])
        parts.append("}\n}")
    choice = "\n".join(f"case {at}: p{at}::run_(); break;" for at in range(len(functions)))
    return "\n".join([*parts, f"int main() {{ int at; cin >> at; switch (at) {{\n{choice}\n}} return 0; }}\n"])


def calls(function: Function, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the call of each case whose values fit."""
    for number, values in fitting(function, cases, variable):
        variables = " ".join(f"{text} a{at} = {value};" for at, (text, value) in enumerate(values))
        names = ", ".join(f"a{at}" for at in range(len(values)))
        yield f"told::call({number}, [] {{ {variables} return told::show({function.name}({names})); }});"


def variable(kind: Any, value: Any, text: str) -> tuple[str, str]:
    """Return the type of a variable that holds a value, and the value. Raises Unfit."""
    return plain(text), literal(kind, value, plain(text))


def plain(text: str) -> str:
    """Return a parameter's type as that of a variable."""
    return re.sub(r"\bconst\b|&", "", text).strip()


def named(kind: Any) -> str:
    """Return the name of a type."""
    if isinstance(kind, dict) and "list" in kind:
        return f"vector<{named(kind['list'])}>"
    if isinstance(kind, dict) or kind not in NAMES:
        raise Unfit(kind)
    return NAMES[kind]


def literal(kind: Any, value: Any, text: str = "") -> str:
    """Return a value of a type as C++ writes it. Raises Unfit."""
    if isinstance(kind, dict):
        if "list" in kind:
            inner = [literal(kind["list"], each) for each in fits(value, list)]
            return f"{text or named(kind)}{{{', '.join(inner)}}}"
        if "map" in kind:
            key, inner_kind = kind["map"]
            pairs = [f"{{{literal(key, k)}, {literal(inner_kind, v)}}}" for k, v in fits(value, dict).items()]
            return f"{text}{{{', '.join(pairs)}}}" if text else unfit(value)
        return unfit(value)
    if kind in RANGES:
        return whole(value, kind)
    if kind in ("f32", "f64"):
        return decimal(value)
    if kind == "bool":
        return str(fits(value, bool)).lower()
    if kind == "char":
        return f"char({ord(value)})" if isinstance(value, str) and len(value) == 1 else unfit(value)
    if kind == "bytes":
        return f"string({quoted(fits(value, str))})"
    if value is None:
        return "boost::any()"
    by_type = {bool: "bool", int: "i32", float: "f64", str: "bytes"}
    return f"boost::any({literal(by_type[type(value)], value)})" if type(value) in by_type else unfit(value)
