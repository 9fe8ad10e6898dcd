"""The texts that are compiled: a candidate with its dispatcher, tests with their stubs. Pure text.

A dispatcher stands behind the candidate in a module of its own, and its `main` is the C library's, so a candidate may have
one too; whatever a candidate does to it beyond that, it can only answer. How values cross is in `crates/hx_wall/`.
"""

import functools
import re
from typing import Any

from sandboxes import pair

FIRST = "#![no_main] #![allow(warnings)] "  # on the candidate's first line: its own lines keep their numbers
ATOM = re.compile(
    r'//[^\n]*|(?P<open>/\*)|b?r(?P<hashes>#*)".*?"(?P=hashes)|b?"(?:\\.|[^"\\])*"|b?\'(?:\\[^\n\']+|\\\'|[^\\\'\n])\'',
    re.DOTALL,
)
COMMENT = re.compile(r"/\*|\*/")
TEST = re.compile(
    r"#\[\s*test\s*\](?P<attributes>\s*(?:#\[[^\]]*\]\s*)*)(?:pub\s*(?:\([^)]*\))?\s*)?(?=(?:unsafe\s+)?fn\s+(?P<name>\w+))"
)
MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")
REFERENCE = re.compile(r"&\s*(?:'\w+\s+)?(mut\b\s*)?")
LIFETIME = re.compile(r"(?<!&)'(?!static\b)\w+")
OWN = {
    **dict.fromkeys(("Vec",), "::std::vec::"),
    **dict.fromkeys(("String",), "::std::string::"),
    **dict.fromkeys(("Option",), "::std::option::"),
    **dict.fromkeys(("Result",), "::std::result::"),
    **dict.fromkeys(("Box",), "::std::boxed::"),
    **dict.fromkeys(("HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "LinkedList"), "::std::collections::"),
    **dict.fromkeys(("Any",), "::std::any::"),
}
NAME = re.compile(r"(?<![\w:'])[A-Z]\w*")
ENUM = re.compile(r"\benum\s+(?P<name>\w+)\s*(?:<(?P<generics>[^>{]*)>)?\s*\{(?P<variants>[^{}]*)\}")
VARIANT = re.compile(r"(\w+)\s*(\([^()]*\))?\s*(?:,|$)")
CHECKS = """macro_rules! assert {
    ($hx:expr $(, $($hx_more:tt)*)?) => { ::hx_wall::tests::check($hx, ::std::stringify!($hx)) };
}
macro_rules! assert_eq {
    ($hx_left:expr, $hx_right:expr $(, $($hx_more:tt)*)?) => { match (&$hx_left, &$hx_right) {
        (left, right) => ::hx_wall::tests::compared(
            *left == *right, [::std::stringify!($hx_left), ::std::stringify!($hx_right)], [&left, &right]
        ),
    } };
}
macro_rules! assert_ne {
    ($hx_left:expr, $hx_right:expr $(, $($hx_more:tt)*)?) => { match (&$hx_left, &$hx_right) {
        (left, right) => ::hx_wall::tests::compared(
            *left != *right, [::std::stringify!($hx_left), ::std::stringify!($hx_right)], [&left, &right]
        ),
    } };
}
"""


def candidate(preamble: str, text: str, declared: str) -> str:
    """Return a candidate with its dispatcher."""
    return f"{FIRST}{preamble}{text}\n\n{dispatcher(declared)}"


@functools.lru_cache(maxsize=256)  # a problem's samples share it
def dispatcher(declared: str) -> str:
    """Return what answers calls of the declared functions."""
    known = pair.declared(declared)
    functions = known["functions"]
    calls = "".join(answered(number, each) for number, each in enumerate(functions))
    names = ", ".join(f"hx_{number}" for number in range(len(functions)))
    values = "".join(written(each) for each in enums(known))
    return (
        f"mod hx_dispatcher {{\n{values}{calls}"
        f'#[no_mangle] pub extern "C" fn main() -> i32 {{ ::hx_wall::answer::serve(&[{names}]) }}\n}}\n'
    )


def answered(number: int, function: "dict[str, Any]") -> str:
    """Return the function that takes the arguments of one declared function, calls it and gives what it returned."""
    told, given, passed, lines = tells(function), [], [], []
    for place, param in enumerate(function["params"]):
        kind, before, after = owned(param["text"])
        name = f"hx_{place}"
        if told and not before:  # it is moved, and told as it was
            lines.append(f"let {name}_kept: {path(kind, 'super::')} = hx.look();")
        lines.append(f"let mut {name}: {path(kind, 'super::')} = hx.take();")
        given.append(f"&{name}" if before else f"&{name}_kept")
        passed.append(f"{before}{name}{after}")
    lines.append(f"let hx_value = super::{function['name']}({', '.join(passed)});")
    lines += ["hx.give(&hx_value);", f"hx.again(&[{', '.join(given)}]);" if told else "hx.nothing_more();"]
    body = "".join(f"    {line}\n" for line in lines)
    return f"fn hx_{number}(hx: &mut ::hx_wall::answer::Call) {{\n{body}}}\n"


def owned(text: str) -> "tuple[str, str, str]":
    """Return the type of a variable that holds an argument, and what stands before and behind its name in the call."""
    text = text.strip()
    found = REFERENCE.match(text)
    if not found:
        return text, "", ""
    inner, before = text[found.end() :].strip(), "&mut " if found[1] else "&"
    if inner == "str":
        return "String", before, "[..]"
    if inner.startswith("[") and not re.search(r";\s*[\w ]+\]$", inner):
        return f"Vec<{inner[1:-1]}>", before, "[..]"
    return (f"Box<{inner}>", f"{before}*", "") if inner.startswith("dyn ") else (inner, before, "")


def path(text: str, own: str) -> str:
    """Return a type by names that mean the same everywhere; what references in it are to is never dropped."""
    text = LIFETIME.sub("'static", REFERENCE.sub(r"&'static \1", text))
    return NAME.sub(lambda found: OWN.get(found[0], own) + found[0], text)


def tells(function: "dict[str, Any]") -> bool:
    """Whether a function is called for what it does to its arguments."""
    return function["returns"]["type"] == "none" or any(
        re.match(r"&\s*(?:'\w+\s+)?mut\b", each["text"].strip()) for each in function["params"]
    )


def tests_unit(declared: str, tests: str) -> str:
    """Return tests with stubs of the declared functions, and what stands before those in the problem."""
    known = pair.declared(declared)
    stubs = "".join(stub(number, each) for number, each in enumerate(known["functions"]))
    values = "".join(written(each) + read(each) for each in enums(known))
    own, names = opened(tests)
    listed = "".join(f"|| {{ {name}(); }}, " for name in names)
    run = f'#[no_mangle] pub extern "C" fn main() -> i32 {{ ::hx_wall::tests::run(&[{listed}]) }}'
    start = f"mod hx_start {{ use super::*; {run} }}\n"  # the problem's text may have a `main` too
    inside = f"mod hx_values {{\n{values}}}\n" if values else ""
    return f"{FIRST}{known['before']}\n{stubs}{inside}{CHECKS}{own}\n{start}"


def stub(number: int, function: "dict[str, Any]") -> str:
    """Return a declared function that asks the candidate."""
    told = tells(function)
    lines = [f"let mut hx = ::hx_wall::tests::question({number}, {str(told).lower()}, {len(function['params'])});"]
    lines += [f"hx.put(&{each['name']});" for each in function["params"]]
    lines += ["let mut hx = hx.asked();"]
    kind = "()" if function["returns"]["type"] == "none" else path(function["returns"]["text"], "")
    lines += [f"let hx_value: {kind} = hx.value();"]
    if told:
        lines += ["if hx.changed() {", *(f"    {back(each)}" for each in function["params"]), "}"]
    body = "".join(f"    {line}\n" for line in [*lines, "hx_value"])
    return f"{function['head']} {{\n{body}}}\n"


def back(param: "dict[str, Any]") -> str:
    """Return the statement that takes one argument over as it is afterwards."""
    kind, before, after = owned(param["text"])
    if before != "&mut ":
        return "hx.skip();"
    value = f"hx.value::<{path(kind, '')}>()"
    return f"{param['name']}.clone_from_slice(&{value});" if after else f"*{param['name']} = {value};"


def enums(known: "dict[str, Any]") -> "list[re.Match[str]]":
    """Return the problem's own types that the functions' heads name, where its text defines them."""
    texts = " ".join(each["text"] for one in known["functions"] for each in (*one["params"], one["returns"]))
    return [found for found in ENUM.finditer(known["before"]) if re.search(rf"\b{found['name']}\b", texts)]


def variants(enum: "re.Match[str]") -> "list[tuple[str, str, list[str]]]":
    """Return an enum's variants: the name that crosses, the pattern, the names in it."""
    found = []
    for each in VARIANT.finditer(enum["variants"].strip()):
        inner = [part for part in (each[2] or "")[1:-1].split(",") if part.strip()]
        names = [f"hx_{place}" for place in range(len(inner))]
        pattern = f"super::{enum['name']}::{each[1]}" + (f"({', '.join(names)})" if each[2] else "")
        found.append((f"{enum['name']}::{each[1]}", pattern, names))
    return found


def written(enum: "re.Match[str]") -> str:
    """Return how a problem's own enum is written: its variant as a name, what it holds as a tuple."""
    arms = "".join(
        f"{pattern} => out.named(\"{name}\", |out| out.counted(b'p', {len(names)}, |out| {{ "
        + "".join(f"::hx_wall::Put::put({each}, out); " for each in names)
        + "})),\n"
        for name, pattern, names in variants(enum)
    )
    return (
        f"impl{generics(enum, '::hx_wall::Put')} ::hx_wall::Put for super::{enum['name']}{generics(enum, '')} {{\n"
        f"fn put(&self, out: &mut ::hx_wall::wire::Writer) {{ match self {{\n{arms}}} }}\n}}\n"
    )


def read(enum: "re.Match[str]") -> str:
    """Return how a problem's own enum is read."""
    arms = "".join(
        f"\"{name}\" if from.open(b'p')? == {len(names)} => {{ "
        + "".join(f"let {each} = ::hx_wall::Get::get(from)?; " for each in names)
        + f"::std::result::Result::Ok({pattern}) }}\n"
        for name, pattern, names in variants(enum)
    )
    return (
        f"impl{generics(enum, '::hx_wall::Get')} ::hx_wall::Get for super::{enum['name']}{generics(enum, '')} {{\n"
        "fn get(from: &mut ::hx_wall::wire::Reader) -> ::std::result::Result<Self, ::hx_wall::wire::Refused> {\n"
        f"from.content(b'k', 0)?; match from.name() {{\n{arms}"
        f'_ => ::hx_wall::wire::refused("another value was returned where a {enum["name"]} is declared"),\n}} }}\n}}\n'
    )


def generics(enum: "re.Match[str]", bound: str) -> str:
    """Return an enum's parameters, each with a bound."""
    names = [part.strip() for part in (enum["generics"] or "").split(",") if part.strip()]
    return f"<{', '.join(f'{name}: {bound}' if bound else name for name in names)}>" if names else ""


def opened(tests: str) -> "tuple[str, list[str]]":
    """Return tests as functions that anybody may call, and their paths."""
    code, names, parts, done = blank(tests), [], [], 0
    for found in TEST.finditer(code):
        modules = [
            each[1] for each in MODULE.finditer(code, 0, found.start()) if is_open(code, each.end(), found.start())
        ]
        names.append("::".join([*modules, found["name"]]))
        parts += [tests[done : found.start()], found["attributes"], "pub "]
        done = found.end()
    text = "".join([*parts, tests[done:]])
    shown = blank(text)
    for each in reversed(list(MODULE.finditer(shown))):  # a module inside of another one is private too
        if not re.search(r"\bpub\s*$", shown[: each.start()]):
            text = f"{text[: each.start()]}pub {text[each.start() :]}"
    return text, names


def is_open(code: str, begin: int, end: int) -> bool:
    """Whether the brace before `begin` is still open at `end`."""
    depth = 1
    for mark in re.findall(r"[{}]", code[begin:end]):
        depth += 1 if mark == "{" else -1
        if not depth:
            return False
    return True


def blank(text: str) -> str:
    """Return a text, equally long, with comments and strings as blanks. Comments nest."""
    out, at = [], 0
    while found := ATOM.search(text, at):
        end = found.end()
        depth = 1 if found["open"] else 0
        while depth:
            mark = COMMENT.search(text, end)
            depth = depth + (1 if mark[0] == "/*" else -1) if mark else 0
            end = mark.end() if mark else len(text)
        out += [text[at : found.start()], re.sub(r"[^\n]", " ", text[found.start() : end])]
        at = end
    return "".join(out) + text[at:]
