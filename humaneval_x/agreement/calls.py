"""What is called: a problem's function in one language, and the inputs that are common to all languages.

Values are Python's: None, bool, int, float, str, list and dict. JSON carries them, so a float stays a float (2.0).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from humaneval_x.answers.opening import opened
from humaneval_x.assembly import canonical_program
from humaneval_x.languages import BY_PREFIX
from humaneval_x.languages.declared import declared
from humaneval_x.records import Opened, Problem, Program

Arguments = list[Any]
Written = TypeVar("Written")


class Unfit(ValueError):
    """A value that a declared type does not have."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One input. `from_tests`: a test calls the function with it; else it is a mutation of such."""

    arguments: Arguments
    from_tests: bool


@dataclass(frozen=True, kw_only=True)
class Function:
    """A problem's function in one language: its canonical program, its name and its declared types.

    A type is data, as in `sandboxes/INTERFACE.md`, with the text that the language has for it.
    """

    number: str
    name: str
    program: Program
    parameters: list[tuple[Any, str]]
    returns: Any = "any"

    @property
    def text(self) -> str:
        """The solution with what the language puts before it."""
        return self.program.preamble + self.program.candidate


def function_of(problem: Problem) -> Function:
    """Return the function of a problem's canonical solution that its tests call."""
    language = BY_PREFIX[problem.prefix].NAME
    program = canonical_program(problem)
    texts = (problem.prompt, problem.declaration)
    head = next((found for text in texts if (found := opened(language, text, problem.test)).name), Opened())
    said = program.declared if program.declared.startswith("{") else declared(language, head)  # Python's is code
    known = json.loads(said).get("functions", [])  # none: its values are not plain
    # A text may open a helper (Rust/10); the tests then call what the solution defines behind it.
    called = [each for each in known if re.search(rf"(?<![\w.]){re.escape(each['name'])}\s*\(", problem.test)]
    found = (called or known or [None])[-1]
    return Function(
        number=problem.number,
        name=found["name"] if found else head.name,
        program=program,
        parameters=[(each["type"], each["text"]) for each in found["params"]] if found else [],
        returns=found["returns"]["type"] if found else "any",
    )


def fitting(
    function: Function, cases: Sequence[Case], written: Callable[[Any, Any, str], Written]
) -> Iterator[tuple[int, list[Written]]]:
    """Yield the place of each case that fits the declared types, with its arguments as a language writes them.

    `written` takes a type, a value and the type's text, and raises Unfit for a value that does not fit.
    """
    for number, case in enumerate(cases):
        if len(case.arguments) != len(function.parameters):
            continue
        pairs = zip(function.parameters, case.arguments, strict=True)
        try:
            made = [written(kind, value, text) for (kind, text), value in pairs]
        except Unfit:
            continue
        yield number, made


RANGES = {f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1)) for bits in (8, 16, 32, 64)}
RANGES |= {f"u{bits}": (0, 2**bits) for bits in (8, 16, 32, 64)}


def holds(kind: Any, value: Any) -> bool:
    """Whether the integers of a declared type are large enough for a value."""
    if isinstance(kind, dict):
        inner = next(iter(kind.values()))
        return not isinstance(value, list) or isinstance(inner, list) or all(holds(inner, each) for each in value)
    return type(value) is not int or kind not in RANGES or RANGES[kind][0] <= value < RANGES[kind][1]


def quoted(text: str) -> str:
    """Return a text as a literal that C++, Java, Go and Rust read alike; Unfit for other than plain characters."""
    if not text.isascii() or any(ord(each) < 32 and each not in "\n\t" for each in text):
        raise Unfit(text)
    return json.dumps(text)


def whole(value: Any, kind: str) -> str:
    """Return an integer of a type as a literal. Raises Unfit."""
    if type(value) is not int or not holds(kind, value) or value == RANGES[kind][0] != 0:
        raise Unfit(value)  # the lowest of all has no literal in C++
    return str(value)


def decimal(value: Any) -> str:
    """Return a float as a literal; whole numbers too. Raises Unfit."""
    if type(value) not in (int, float) or abs(value) > 1e15:
        raise Unfit(value)
    return repr(float(value))


def unfit(value: Any) -> str:
    """Raise Unfit."""
    raise Unfit(value)


def fits(value: Any, *kinds: type) -> Any:
    """Return a value of one of some kinds. Raises Unfit."""
    if type(value) not in kinds:
        raise Unfit(value)
    return value
