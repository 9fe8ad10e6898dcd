"""Rust: names and tags, the published rules, assembly, wrong expectations. Reads no completion: `answers` does.

Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX: declaration, docstring, completion,
test in this order, by `cargo test`. It has no stop rule and no cut for Rust; the other brace languages' are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from humaneval_x.languages.declared import declared
from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, negated, sides
from humaneval_x.languages.source import more_closed_than_opened, up_to_last_brace, whole
from humaneval_x.records import Opened, Problem, Program, Reading
from humaneval_x.settings import Rules, Task

NAME = "rust"
TITLE = "Rust"
PREFIX = "Rust"
FILE = "rust"
TAG = "// language: Rust"
EXTENSION = ".rs"
KEYWORDS = frozenset(
    "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move "
    "mut pub ref return self Self static struct super trait true type union unsafe use where while".split()
)

USES = re.compile(r"(?:\s*fn main\(\)\s*\{\s*\})?(?:\s*use\s[^;]*;)+\s*")  # HumanEvalPack's prompts begin with a `main`
USE = re.compile(r"(?<!\w)use\s")
FUNCTION = re.compile(r"^[ \t]*(?:pub\s+)?(fn (\w+)\s*\([^{;]*?)(?=\s*\{)", re.MULTILINE)
ENUM = re.compile(r"^(?:#\[[^\]]*\]\s*)?(?:pub\s+)?enum (\w+)[^{;]*\{[^{}]*\}", re.MULTILINE)
GIVEN = "mod problem_imports {{\n{}}}\nuse problem_imports::*;\n"  # so that an answer may import the same names itself
CHECK = re.compile(r"\bassert(_eq|_ne)?!\s*[(\[{]")
CALL = re.compile(r"[&*(\s]*[a-z_]\w*\s*\(")  # of a function, not of a type's
VALUES = Notation(words={"true": "false", "false": "true"}, empty=(), characters=True)
truncate, stops, judged_by_reference = up_to_last_brace, more_closed_than_opened, whole


def assemble(problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules) -> Program:
    """Return the problem's imports, the candidate, tests, and what the problem declares.

    Tests may call functions, and compare types, that only the canonical solution shows: a candidate has to have them.
    """
    candidate, preamble = reading.candidate, ""
    found = USES.match(opened.before)
    if rules is Rules.OURS and found and candidate.startswith(found[0]):
        candidate = candidate[found.end() :]
        preamble = GIVEN.format(USE.sub("pub use ", found[0].strip() + "\n"))
    known = opened.before + opened.header
    before = opened.before + "".join(lacking(problem.canonical_solution, known))
    more = tuple(head for head, name in heads(problem.canonical_solution, known) if calls(opened.tests, name))
    said = declared(NAME, replace(opened, before=before), more)
    return Program(language=NAME, preamble=preamble, candidate=candidate + "\n", tests=test, declared=said)


def lacking(solution: str, known: str) -> Iterator[str]:
    """Yield the types that a canonical solution defines behind a declaration which names them."""
    for found in ENUM.finditer(solution):
        if re.search(rf"\b{found[1]}\b", known):
            yield found[0] + "\n"


def heads(solution: str, known: str) -> Iterator[tuple[str, str]]:
    """Yield the heads and names of functions that only a canonical solution has."""
    for found in FUNCTION.finditer(solution):
        if not re.search(rf"\bfn {found[2]}\b", known):
            yield found[1], found[2]


def calls(tests: str, name: str) -> bool:
    """Whether tests call a function."""
    return re.search(rf"(?<![\w.]){name}\s*\(", tests) is not None


def negate(tests: str, code: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    return applied(tests, [negated_check(tests, code, found) for found in CHECK.finditer(code)])


def negated_check(text: str, code: str, check: re.Match[str]) -> Edit | None:
    """Return the edit of one check: `assert_eq!(f(x), 2)`, `assert!(f(x) == 2)`, `assert!(f(x) - 2.0 < 1e-6)`."""
    values, _ = arguments(text, code, check.end())
    if check[1]:
        if len(values) < 2:
            return None
        expected = unequal_side(code, values[0], values[1])
        other = "_ne" if check[1] == "_eq" else "_eq"
        return VALUES.other(text, expected) or (check.start(1), check.end(1), other)
    if not values:
        return None
    compared = sides(text, code, values[0], "[!=]=")
    edit = VALUES.other(text, unequal_side(code, *compared)) if compared else None
    return edit or negated(text, values[0])


def unequal_side(code: str, left: Span, right: Span) -> Span:
    """Return the side of a comparison that is the expected value: the right one, unless only that calls a function."""
    return left if CALL.match(code, *right) and not CALL.match(code, *left) else right
