"""Generates both sides of the wall from what a problem declares: the tests' stubs, the candidate's dispatcher. Pure text.

The candidate's package may declare Go's own names anew, so the dispatcher calls types by names of `answer.go`.
"""

import functools
import re
from dataclasses import dataclass
from typing import Any

from sandboxes import pair

TYPE = re.compile(r"\b(?:bool|string|byte|rune|any|u?int(?:8|16|32|64)?|float(?:32|64))\b")
TEST = re.compile(r"^func (Test(?![a-z])\w*)\(\w+ \*testing\.T\)", re.MULTILINE)
# What the codec reads and writes without reflection, which most programs then need not link.
COMMON = frozenset("bool int float64 string []bool []int []float64 []string [][]int [2]int".split())
FORMATS = re.compile(r"\.(?:Error|Fatal|Log|Skip)")  # of a test: only where it does is fmt linked


@dataclass(frozen=True)
class File:
    """A file of a program and the func main that belongs to it, as the builder takes them."""

    name: str
    text: str
    main: str
    vetted: bool


def candidate(declared: str, text: str) -> File:
    """Return a candidate with its dispatcher."""
    return File("solution.go", text, dispatcher(declared), vetted=True)


@functools.lru_cache(maxsize=256)  # a problem's samples share it
def dispatcher(declared: str) -> str:
    """Return the main of a candidate's program: it answers calls, each by a function that knows the declared types."""
    functions = pair.declared(declared)["functions"]
    cases = "".join(f"func(harness_c *harness_answer.Call) {{\n{answered(each)}}},\n" for each in functions)
    kinds = {kind for each in functions for variables in types(each) for _, kind in variables}
    reflected = "" if kinds <= COMMON else 'import _ "internal/reflected"\n'
    imports = f'import harness_answer "internal/answer"\n{reflected}'
    return f"package main\n\n{imports}\nfunc main() {{\nharness_answer.Serve({cases})\n}}\n"


def answered(function: "dict[str, Any]") -> str:
    """Return the statements that take the arguments, call the function and give its results."""
    given, results = types(function)
    lines = [f"var {name} {own_types(kind)}\n" for name, kind in (*given, *results)]
    call = f"{function['name']}({names(given)})"
    if given:
        lines.append(f"harness_c.Take({names(given, '&')})\n")
    lines.append(f"{names(results)} = {call}\n" if results else f"{call}\n")
    return "".join([*lines, f"harness_c.Give({names(results, '&')})\n"])


@functools.lru_cache(maxsize=256)
def tests(declared: str, text: str) -> File:
    """Return tests with their stubs, behind what the problem's text has before the tested function."""
    found = pair.declared(declared)
    stubs = "".join(stub(number, each) for number, each in enumerate(found["functions"]))
    imported = 'import harness_stubs "internal/harness"\n'
    package, _, rest = found["before"].partition("\n")  # imports come before anything else
    whole = f"{package}\n{imported}{rest}\n{stubs}\n//line tests.go:1\n{text}"
    return File("tests.go", whole, tests_main(text), vetted=False)


def stub(number: int, function: "dict[str, Any]") -> str:
    """Return a tested function as its tests see it: it asks the candidate."""
    given, results = types(function)
    signature = ", ".join(f"{name} {kind}" for name, kind in given)
    returns = ", ".join(f"{name} {kind}" for name, kind in results)
    asked = f"harness_stubs.Call({number}, []interface{{}}{{{names(given, '&')}}}, {names(results, '&')})"
    return f"func {function['name']}({signature}) ({returns}) {{\n{asked}\nreturn\n}}\n"


def tests_main(text: str) -> str:
    """Return the main of a tests' program."""
    listed = "".join(f'{{Name: "{name}", F: {name}}},\n' for name in TEST.findall(text))
    formats = FORMATS.search(text) is not None
    return (
        'package main\n\nimport harness_testing "testing"\nimport harness_stubs "internal/harness"\n'
        + ('import harness_fmt "fmt"\n' if formats else "")
        + "\nfunc main() {\n"
        + (
            "harness_stubs.Sprintf, harness_stubs.Sprint = harness_fmt.Sprintf, harness_fmt.Sprintln\n"
            if formats
            else ""
        )
        + f"harness_stubs.Source = {quoted(text)}\nharness_testing.Main([]harness_testing.InternalTest{{\n{listed}}})\n}}\n"
    )


def types(function: "dict[str, Any]") -> "tuple[list[tuple[str, str]], list[tuple[str, str]]]":
    """Return the names and types of a function's parameters, and of its results."""
    returns = function["returns"]
    parts = [] if returns["type"] == "none" else [returns["text"]]
    if isinstance(returns["type"], dict) and "tuple" in returns["type"]:
        parts = results_of(returns["text"])
    given = [(f"harness_a{number}", each["text"]) for number, each in enumerate(function["params"])]
    return given, [(f"harness_r{number}", kind) for number, kind in enumerate(parts)]


def results_of(text: str) -> "list[str]":
    """Return the types in the brackets of several results."""
    parts, depth = [""], 0
    for mark in text.strip()[1:-1]:
        depth += (mark in "([{") - (mark in ")]}")
        if mark == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += mark
    return [part.strip() for part in parts]


def names(variables: "list[tuple[str, str]]", before: str = "") -> str:
    """Return the names with a comma between them."""
    return ", ".join(before + name for name, _ in variables)


def own_types(kind: str) -> str:
    """Return a type by the names that answer.go has for Go's own."""
    return TYPE.sub(lambda found: f"harness_answer.{found[0].capitalize()}", kind)


def quoted(text: str) -> str:
    """Return a text as a constant of Go."""
    data = text.encode("utf-8", "surrogatepass")
    return '"' + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in data) + '"'
