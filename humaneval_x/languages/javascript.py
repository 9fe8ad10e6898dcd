"""JavaScript: names and tags, the published rules, assembly, wrong expectations. Reads no completion: `answers` does.

Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages.declared import declared, refused
from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off, negated, sides
from humaneval_x.languages.source import more_closed_than_opened, up_to_last_brace, whole
from humaneval_x.records import Opened, Problem, Program, Reading
from humaneval_x.settings import Rules, Task

NAME = "javascript"
TITLE = "JavaScript"
PREFIX = "JavaScript"
FILE = "js"
TAG = "// language: JavaScript"
EXTENSION = ".js"
KEYWORDS = frozenset(
    "async await break case catch class const continue debugger default delete do else export extends false finally "
    "for function if import in instanceof let new null of return static super switch this throw true try typeof "
    "undefined var void while with yield".split()
)

CHECK = re.compile(r"\bconsole\s*\.\s*assert\(|\bassert\.(equal|strictEqual|deepEqual|deepStrictEqual)\(")
CALL = re.compile(r"(?<![\w.$])(?!function\b)[a-z_$][\w$]*\(")  # of the tested function; values need methods only
VALUES = Notation(
    words={"true": "false", "false": "true", "null": "0", "undefined": "null"},
    empty=((r"\[\s*\]", "[0]"), (r"\{\s*\}", '{ "~": 0 }')),
    characters=False,
)
OTHER = '((value) => (typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : value + "~"))'
truncate, stops, judged_by_reference = up_to_last_brace, more_closed_than_opened, whole


def assemble(problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules) -> Program:
    """Return the candidate, tests, and what the problem declares."""
    said = declared(NAME, opened)
    for name in re.findall(r"\bnew\s+([\w$]+)", opened.tests):
        if re.search(rf"\b(?:class|function)\s+{re.escape(name)}(?![\w$])", opened.before):
            said = refused(f"its tests make objects of its class {name}, which are no plain values")
    return Program(language=NAME, preamble="", candidate=reading.candidate + "\n", tests=test, declared=said)


def negate(tests: str, code: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    checks = ((found[1], arguments(tests, code, found.end())[0]) for found in CHECK.finditer(code))
    return applied(tests, (negated_check(tests, code, spans, name) if spans else None for name, spans in checks))


def negated_check(text: str, code: str, spans: list[Span], equal: str | None) -> Edit | None:
    """Return the edit of one check: `f(x) === 2`, `Math.abs(f(x) - 2) < 1e-6`, `f(x)`; `f(x), 2` of Node's `equal`."""
    span = spans[0]
    if equal:
        expected = spans[1] if len(spans) > 1 else span
        return VALUES.other(text, expected) or (*expected, f"{OTHER}({text[slice(*expected)]})")
    if compared := sides(text, code, span, "===?|!==?"):
        expected = compared[0] if CALL.search(code, *compared[1]) else compared[1]
        return VALUES.other(text, expected) or (*expected, f"{OTHER}({text[slice(*expected)]})")
    return further_off(text, code, span) or negated(text, span)
