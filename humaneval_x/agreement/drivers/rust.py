"""Calls Rust's solutions: a module for each problem, with an implementation of `Told` for a result type of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from humaneval_x.agreement.calls import RANGES, Case, Function, decimal, fits, fitting, quoted, unfit, whole
from humaneval_x.languages.declared import RUST_REFERENCE, split
from humaneval_x.languages.rust import ENUM

VARIANT = re.compile(r"(\w+)\s*(?:\(([^()]*)\))?\s*(?:,|$)")
ABOVE = r"""#![allow(warnings)]
mod told {
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
    pub trait Told { fn told(&self) -> String; }
    macro_rules! whole { ($($t:ty)*) => { $(impl Told for $t { fn told(&self) -> String { self.to_string() } })* } }
    whole! { bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }
    macro_rules! real { ($($t:ty)*) => { $(impl Told for $t {
        fn told(&self) -> String {
            if self.is_nan() { return "NaN".to_string(); }
            if self.is_infinite() { return (if *self > 0.0 { "Infinity" } else { "-Infinity" }).to_string(); }
            self.to_string()
        }
    })* } }
    real! { f32 f64 }
    impl Told for str {
        fn told(&self) -> String {
            let mut s = "\"".to_string();
            for unit in self.encode_utf16() {
                match unit {
                    32..=126 if unit != 34 && unit != 92 => s.push(unit as u8 as char),
                    _ => s += &format!("\\u{:04x}", unit),
                }
            }
            s + "\""
        }
    }
    impl Told for String { fn told(&self) -> String { self.as_str().told() } }
    impl Told for char { fn told(&self) -> String { self.to_string().told() } }
    impl Told for () { fn told(&self) -> String { "null".to_string() } }
    impl<T: Told + ?Sized> Told for &T { fn told(&self) -> String { (**self).told() } }
    impl<T: Told + ?Sized> Told for Box<T> { fn told(&self) -> String { (**self).told() } }
    impl<T: Told> Told for Option<T> {
        fn told(&self) -> String { self.as_ref().map_or("null".to_string(), |v| v.told()) }
    }
    fn all<T: Told>(values: impl Iterator<Item = T>) -> String {
        format!("[{}]", values.map(|v| v.told()).collect::<Vec<_>>().join(", "))
    }
    macro_rules! list { ($($t:ty)*) => { $(impl<T: Told> Told for $t {
        fn told(&self) -> String { all(self.iter()) }
    })* } }
    list! { [T] Vec<T> VecDeque<T> HashSet<T> BTreeSet<T> }
    impl<T: Told, const N: usize> Told for [T; N] { fn told(&self) -> String { all(self.iter()) } }
    macro_rules! map { ($($t:ty)*) => { $(impl<K: Told, V: Told> Told for $t {
        fn told(&self) -> String { format!("{{\"map\": {}}}", all(self.iter())) }
    })* } }
    map! { HashMap<K, V> BTreeMap<K, V> }
    macro_rules! tuple { ($($n:ident)*) => { #[allow(non_snake_case)] impl<$($n: Told),*> Told for ($($n,)*) {
        fn told(&self) -> String { let ($($n,)*) = self; format!("[{}]", [$($n.told()),*].join(", ")) }
    } } }
    tuple! { A }
    tuple! { A B }
    tuple! { A B C }
    tuple! { A B C D }
    pub fn call(number: usize, run: impl FnOnce() -> String + std::panic::UnwindSafe) {
        println!("{}\t{}", number, std::panic::catch_unwind(run).unwrap_or("!panic".to_string()));
    }
}
"""
START = """fn main() {
    std::panic::set_hook(Box::new(|_| ()));
    let mut at = String::new();
    std::io::stdin().read_line(&mut at).unwrap();
    match at.trim().parse::<usize>().unwrap() {
"""


def source(functions: Sequence[Function], cases: Mapping[str, Sequence[Case]]) -> str:
    """Return the program."""
    parts = [ABOVE]
    for at, each in enumerate(functions):
        run = "\n".join(calls(each, cases[each.number]))
        parts.append(f"mod p{at} {{\n{each.text}\n{own_results(each)}pub fn told_run() {{\n{run}\n}}\n}}")
    choice = "\n".join(f"        {at} => p{at}::told_run()," for at in range(len(functions)))
    return "\n".join([*parts, f"{START}{choice}\n        _ => (),\n    }}\n}}\n"])


def calls(function: Function, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the call of each case whose values fit."""
    for number, values in fitting(function, cases, literal):
        call = f"{function.name}({', '.join(values)})"
        yield f"crate::told::call({number}, || crate::told::Told::told(&{call}));"


def own_results(function: Function) -> str:
    """Return how the types that a solution defines are told: a variant as what it holds, one of nothing as null."""
    told = []
    for found in ENUM.finditer(function.text):
        head, _, body = found[0].rpartition("{")
        kind = head.rpartition("enum ")[2].strip()
        bounds = ", ".join(
            f"{name}: crate::told::Told" for name in split(kind[kind.find("<") + 1 : -1] if "<" in kind else "")
        )
        arms = "\n".join(arm(found[1], name, held) for name, held in VARIANT.findall(body[:-1]))
        method = f"fn told(&self) -> String {{ match self {{\n{arms}\n}} }}"
        told.append(f"impl<{bounds}> crate::told::Told for {kind} {{ {method} }}\n")
    return "".join(told)


def arm(enum: str, variant: str, held: str) -> str:
    """Return the arm of one variant, which holds nothing or one value."""
    return f'{enum}::{variant}{{..}} => "null".to_string(),' if not held else f"{enum}::{variant}(held) => held.told(),"


def literal(kind: Any, value: Any, text: str) -> str:
    """Return a value of a type, written `text`, as Rust writes it. Raises Unfit."""
    if found := RUST_REFERENCE.match(text):
        return referred(kind, value, text[found.end() :].strip(), "&mut " if "mut" in found[0] else "&")
    if isinstance(kind, dict):
        return container(kind, value, text)
    if kind in RANGES:
        return whole(value, kind)
    if kind in ("f32", "f64"):
        return decimal(value)
    if kind == "bool":
        return str(fits(value, bool)).lower()
    if kind == "char":
        return (
            f"char::from({ord(value)})"
            if isinstance(value, str) and len(value) == 1 and value.isascii()
            else unfit(value)
        )
    if kind == "text":
        return f"{quoted(fits(value, str))}.to_string()"
    return f"Box::new({any_value(value, 'String')})" if kind == "any" else unfit(value)


def referred(kind: Any, value: Any, text: str, mark: str) -> str:
    """Return a reference to a value. Raises Unfit."""
    if text == "str":
        return quoted(fits(value, str))
    return mark + (any_value(value, "&str") if kind == "any" else literal(kind, value, text))


def any_value(value: Any, text: str) -> str:
    """Return a value of any type as the one that the published tests give; `text` is that of texts. Raises Unfit."""
    by_type = {bool: ("bool", ""), int: ("i32", ""), float: ("f64", ""), str: ("text", text)}
    if value is None:
        return "()"
    return literal(by_type[type(value)][0], value, by_type[type(value)][1]) if type(value) in by_type else unfit(value)


def container(kind: Any, value: Any, text: str) -> str:
    """Return a value of a type that holds others. Raises Unfit."""
    inner = split(text[text.find("<") + 1 : -1]) if "<" in text else split(text.strip("[]()").partition(";")[0])
    if "list" in kind:
        made = [literal(kind["list"], each, inner[0]) for each in fits(value, list)]
        return f"{'' if text.startswith('[') else 'vec!'}[{', '.join(made)}]"
    if "map" in kind:
        pairs = fits(value, dict).items()
        made = [f"({literal(kind['map'][0], k, inner[0])}, {literal(kind['map'][1], v, inner[1])})" for k, v in pairs]
        return f"{text.partition('<')[0]}::from([{', '.join(made)}])"
    if "optional" in kind:
        return "None" if value is None else f"Some({literal(kind['optional'], value, inner[0])})"
    return unfit(value)
