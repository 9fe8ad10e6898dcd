"""What a problem declares, as data: the functions that its tests call, with their types, and the text around them.

Both sides of the wall are generated from it (`sandboxes/INTERFACE.md`, "A request"): the stub that the tests call and
the dispatcher that calls the candidate. Reads the head of a plain function, which `answers.opening` found in the
problem's own text; what is none ends in `refused`, never in a guess. Does not read completions.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Callable, Iterator

from humaneval_x.json_types import JsonObject
from humaneval_x.records import Opened

Type = str | JsonObject
Parameter = tuple[str, str]  # name, type as written

SCALARS: dict[str, dict[str, str]] = {
    "cpp": {
        **{"bool": "bool", "char": "char", "int": "i32", "long": "i64", "long long": "i64", "short": "i16"},
        **{"unsigned": "u32", "unsigned int": "u32", "unsigned long": "u64", "unsigned long long": "u64"},
        **{"size_t": "u64", "int64_t": "i64"},
        **{"float": "f32", "double": "f64", "string": "bytes", "void": "none", "boost::any": "any"},
    },
    "java": {
        **{"boolean": "bool", "byte": "i8", "short": "i16", "int": "i32", "long": "i64", "float": "f32"},
        **{"Boolean": "bool", "Byte": "i8", "Short": "i16", "Integer": "i32", "Long": "i64", "Float": "f32"},
        **{"double": "f64", "Double": "f64", "char": "char", "Character": "char", "String": "text"},
        **{"Object": "any", "void": "none", "BigInteger": "int"},
    },
    "go": {
        **{name: name for name in ("bool", "any")},
        **{f"{kind}{bits}": f"{kind[0]}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)},
        **{"int": "i64", "uint": "u64", "byte": "u8", "rune": "i32", "float32": "f32", "float64": "f64"},
        **{"string": "bytes", "interface{}": "any"},
    },
    "rust": {
        **{f"{kind}{bits}": f"{kind}{bits}" for kind in "iu" for bits in (8, 16, 32, 64)},
        **{"isize": "i64", "usize": "u64", "i128": "int", "u128": "int", "f32": "f32", "f64": "f64"},
        **{"bool": "bool", "char": "char", "String": "text", "str": "text", "()": "none", "": "none"},
        **{"Box<dyn Any>": "any", "dyn Any": "any"},
    },
    "python": {
        **{"int": "int", "float": "f64", "str": "text", "bool": "bool", "bytes": "bytes", "None": "none"},
        **{"list": "any", "dict": "any", "tuple": "any", "set": "any", "Any": "any", "": "any"},
    },
}  # fmt: skip
CONTAINERS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("vector", "list", "deque", "List", "ArrayList", "LinkedList", "Collection"), ("list", 1)),
    **dict.fromkeys(("Vec", "VecDeque"), ("list", 1)),
    **dict.fromkeys(("set", "unordered_set", "Set", "HashSet", "TreeSet", "BTreeSet"), ("set", 1)),
    **dict.fromkeys(("map", "unordered_map", "Map", "HashMap", "TreeMap", "BTreeMap", "Dict", "dict"), ("map", 2)),
    **dict.fromkeys(("pair", "Entry", "Pair"), ("tuple", 2)),
    **dict.fromkeys(("tuple", "Tuple"), ("tuple", 0)),
    **dict.fromkeys(("optional", "Optional", "Option"), ("optional", 1)),
}
TYPEDEF = re.compile(r"\btypedef\s+([^;]+?)\s+(\w+)\s*;")
RUST_REFERENCE = re.compile(r"&\s*(?:'\w+\s+)?(?:mut\s+)?")
RUST_HEAD = re.compile(r"(?:pub(?:\([^)]*\))? )?fn (\w+)\s*(?:<\s*'\w+(?:\s*,\s*'\w+)*\s*>)?\s*\((.*?)\)\s*(?:->(.*))?")
RUST_ENUM = re.compile(r"\benum (\w+)")
GO_ARRAY = re.compile(r"\[(\d+)\](.+)")
JAVASCRIPT_HEAD = re.compile(
    r"(?:const|let|var) ([\w$]+) = (?:async ?)?(?:function\b[^(]*)?(?:\((.*)\)|([\w$]+))(?: =>)?"
    r"|(?:async )?function ?\*? ?([\w$]+) ?\((.*)\)"
)


class Unwalled(ValueError):
    """A declaration that cannot be carried over the wall, and why."""


@functools.lru_cache(maxsize=1024)  # a problem's samples share it
def declared(language: str, opened: Opened, more: tuple[str, ...] = ()) -> str:
    """Return the JSON text of what a problem declares: the function that its text opens, what stands before it.

    `more` are heads of functions that a candidate has to define beside it. `{"refused": why}` where that cannot
    be walled.
    """
    try:
        if not opened.name:
            raise Unwalled("the problem's text does not end in the head of one function")
        functions = [function_of(language, opened.before, head) for head in (*more, opened.header)]
    except Unwalled as why:
        return refused(str(why))
    after = "}" if language == "java" else ""  # of the class around it
    return json.dumps({"functions": functions, "before": opened.before, "after": after})


def refused(why: str) -> str:
    """Return the JSON text of a problem that cannot be walled."""
    return json.dumps({"refused": why})


def refusal(program_declared: str) -> str:
    """Return why a program's problem cannot be walled; empty if it can."""
    return str(json.loads(program_declared).get("refused", "")) if program_declared.startswith('{"refused"') else ""


def function_of(language: str, before: str, head: str) -> JsonObject:
    """Return a function's name, parameters and result. Raises Unwalled."""
    name, parameters, returns = READERS[language](" ".join(head.split()))
    synonyms = {found[2]: found[1] for found in TYPEDEF.finditer(before)} if language == "cpp" else {}
    own = RUST_ENUM.findall(before) if language == "rust" else []

    def typed(text: str) -> JsonObject:
        text = synonyms.get(text, text)
        return {"type": "any" if text.partition("<")[0] in own else type_of(language, text), "text": text}

    return {
        "name": name,
        "head": head.strip(),
        "params": [{"name": each, **typed(text)} for each, text in parameters],
        "returns": typed(returns),
    }


def type_of(language: str, text: str) -> Type:
    """Return a type as data. Raises Unwalled for one whose values are not plain."""
    if language == "javascript":
        return "any"
    if language == "rust":
        return rust_type(text)
    text = re.sub(r"\b(?:const|std::|final|java\.util\.|Map\.)|[&\s]+$|^\s+", "", text).replace("std::", "").strip()
    scalars = SCALARS.get(language, {})
    if text in scalars:
        return scalars[text]
    if language == "go" and (found := go_container(text)) is not None:
        return found
    if language == "java" and text.endswith("[]"):
        return {"list": type_of(language, text[:-2])}
    if found_generic := re.fullmatch(r"(\w+)\s*[<\[](.*)[>\]]", text, re.DOTALL):
        kind, count = CONTAINERS.get(found_generic[1], ("", 0))
        inner = [type_of(language, part) for part in split(found_generic[2])]
        if kind and count in (0, len(inner)):
            return {kind: inner[0] if count == 1 else inner}
    if language == "python":
        return "any"
    raise Unwalled(f"the type {text!r} has no plain values")


def rust_type(text: str) -> Type:
    """Return a type of Rust as data; what a reference is to crosses. Raises Unwalled."""
    text = RUST_REFERENCE.sub("", text).strip()
    if text in SCALARS["rust"]:
        return SCALARS["rust"][text]
    if array := re.fullmatch(r"\[(.+);\s*(\d+)\]", text):
        return {"array": [rust_type(array[1]), int(array[2])]}
    if text.startswith("["):
        return {"list": rust_type(text[1:-1])}
    if text.startswith("("):
        return {"tuple": [rust_type(part) for part in split(text[1:-1])]}
    if generic := re.fullmatch(r"(?:\w+::)*(\w+)<(.*)>", text):
        kind, count = CONTAINERS.get(generic[1], ("", 0))
        inner = [rust_type(part) for part in split(generic[2])]
        if kind and count in (0, len(inner)):
            return {kind: inner[0] if count == 1 else inner}
    raise Unwalled(f"the type {text!r} has no plain values")


def go_container(text: str) -> Type | None:
    """Return a slice, array, map or several results of Go; None for anything else."""
    if text.startswith("[]"):
        return {"list": type_of("go", text[2:])}
    if array := GO_ARRAY.fullmatch(text):
        return {"array": [type_of("go", array[2]), int(array[1])]}
    if text.startswith("map["):
        end = matching(text, 3)
        return {"map": [type_of("go", text[4:end]), type_of("go", text[end + 1 :])]}
    if text.startswith("("):
        return {"tuple": [type_of("go", part) for part in split(text[1:-1])]}
    return None if text else "none"


def split(text: str) -> list[str]:
    """Return the parts between the commas outside of brackets."""
    parts, depth, begin = [], 0, 0
    for at, mark in enumerate(text):
        depth += (mark in "<([{") - (mark in ">)]}")
        if mark == "," and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    return [part for part in [*parts, text[begin:].strip()] if part]


def matching(text: str, start: int) -> int:
    """Return where the bracket at `start` closes. Raises Unwalled."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return at
    raise Unwalled(f"{text!r} is no head of a function")


def typed_names(parameters: str) -> Iterator[Parameter]:
    """Yield C++'s and Java's parameters: the type, then the name."""
    for part in split(parameters):
        found = re.fullmatch(r"(?:final\s+)?(.*?[\s&>\]])\s*(\w+)(\[\])?(?:\s*=.*)?", part, re.DOTALL)
        if not found:
            raise Unwalled(f"the parameter {part!r} has no name")
        yield found[2], found[1].strip() + (found[3] or "")


def c_like(head: str) -> tuple[str, list[Parameter], str]:
    """Read a head of C++ or Java: modifiers, result, name, parameters."""
    found = re.fullmatch(r"(.*?)\b(\w+)\s*\((.*)\)(?:\s*throws [\w., ]+)?", head, re.DOTALL)
    if not found or re.search(r"\b(?:template|auto|operator)\b", found[1]):
        raise Unwalled(f"{head!r} is no head of a plain function")
    returns = re.sub(r"\b(?:public|private|protected|static|final|inline|synchronized)\b", "", found[1])
    return found[2], list(typed_names(found[3])), " ".join(returns.split())


def go_head(head: str) -> tuple[str, list[Parameter], str]:
    """Read a head of Go: names share the type behind them."""
    found = re.match(r"func (\w+)\s*(?=\()", head)
    if not found:
        raise Unwalled(f"{head!r} is no head of a plain function")
    end = matching(head, found.end())
    parameters: list[Parameter] = []
    waiting: list[str] = []
    for part in split(head[found.end() + 1 : end]):
        name, _, text = part.partition(" ")
        waiting.append(name)
        if text.strip():
            parameters += [(each, text.strip()) for each in waiting]
            waiting = []
    return found[1], parameters, head[end + 1 :].strip()


def rust_head(head: str) -> tuple[str, list[Parameter], str]:
    """Read a head of Rust; lifetimes are its only parameters that are no types' own."""
    found = RUST_HEAD.fullmatch(head)
    if not found or " where " in head:
        raise Unwalled(f"{head!r} is no head of a plain function")
    parameters: list[Parameter] = []
    for part in split(found[2]):
        name, _, text = part.partition(":")
        name = name.strip().removeprefix("mut ").strip()
        if not re.fullmatch(r"\w+", name) or name == "self":
            raise Unwalled(f"the parameter {part!r} has no name")
        parameters.append((name, text.strip()))
    return found[1], parameters, (found[3] or "").strip()


def python_head(head: str) -> tuple[str, list[Parameter], str]:
    """Read a head of Python; what is not annotated has no type."""
    try:
        function = ast.parse(f"{head} ...").body[0]
    except (SyntaxError, ValueError):
        raise Unwalled(f"{head!r} is no head of a function") from None
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        raise Unwalled(f"{head!r} is no head of a function")

    def written(note: ast.expr | None) -> str:
        return ast.unparse(note) if note else ""

    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return function.name, [(each.arg, written(each.annotation)) for each in given], written(function.returns)


def javascript_head(head: str) -> tuple[str, list[Parameter], str]:
    """Read a head of JavaScript, which has no types."""
    found = JAVASCRIPT_HEAD.fullmatch(head)
    if not found:
        raise Unwalled(f"{head!r} is no head of a function")
    names = split(found[2] or found[3] or found[5] or "")
    return found[1] or found[4], [(name.partition("=")[0].strip(), "") for name in names], ""


READERS: dict[str, Callable[[str], tuple[str, list[Parameter], str]]] = {
    "cpp": c_like,
    "java": c_like,
    "go": go_head,
    "rust": rust_head,
    "python": python_head,
    "javascript": javascript_head,
}
