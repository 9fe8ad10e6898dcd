"""Java: names and tags, the published rules, assembly, wrong expectations. Reads no completion: `answers` does.

Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages.declared import declared
from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off, negated, sides
from humaneval_x.languages.source import more_closed_than_opened, prefix_of, up_to_last_brace, whole
from humaneval_x.records import Opened, Problem, Program, Reading
from humaneval_x.settings import Rules, Task

NAME = "java"
TITLE = "Java"
PREFIX = "Java"
FILE = "java"
TAG = "// language: Java"
EXTENSION = ".java"
KEYWORDS = frozenset(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends false "
    "final finally float for goto if implements import instanceof int interface long native new null package private "
    "protected public return short static strictfp super switch synchronized this throw throws transient true try var "
    "void volatile while".split()
)

IMPORT = re.compile(r"^import\s[^;\n]*;", re.MULTILINE)
CHECK = re.compile(r"List<Boolean>\s+\w+\s*=\s*Arrays\.asList\(|\bif\s*\((?=[^;]*\{\s*throw new AssertionError)")
GUARD = re.compile(r"\w+\.contains\(false\)\s*\Z")  # of the list above, whose elements are the checks
CALL = re.compile(r"(?<![\w.])(?:s|new Solution\(\))\.")  # of the tested method, as the published tests name it
EQUALS = re.compile(r"(\b(?:Objects|Arrays))?\.(?:deepE|e)quals\(")
VALUES = Notation(
    words={"true": "false", "false": "true", "null": '"~"'},
    empty=(
        (r"\b(List|Set)\.of\(\s*\)", r"\1.of(0)"),
        (r"\bArrays\.asList\(\s*\)", "Arrays.asList(0)"),
        (r"\bMap\.of\(\s*\)", 'Map.of("~", 0)'),
        (r"\bnew (\w*List|\w*Set)<[^()]*>\(\s*\)", r"new \1<>(List.of(0))"),
        (r"\bnew (\w*Map)<[^()]*>\(\s*\)", r'new \1<>(Map.of("~", 0))'),
        (r"\bOptional\.empty\(\s*\)", "Optional.of(0)"),
    ),
    characters=True,
)
stops, judged_by_reference = more_closed_than_opened, whole


def truncate(completion: str) -> str:
    """Cut before a `main`, keep up to the last closing brace, and close the class if that is missing.

    Braces in strings and comments are counted too.
    """
    at = completion.find("public static void main")
    kept = up_to_last_brace(completion if at < 0 else completion[:at] + "}")
    return kept + "\n}" if kept.count("{") + 1 == kept.count("}") else kept


def assemble(problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules) -> Program:
    """Return the declaration's imports again for the tests, the candidate, tests, and the declaration as data."""
    preamble = "".join(found[0] + "\n" for found in IMPORT.finditer(prefix_of(problem, task)))
    return Program(
        language=NAME,
        preamble=preamble,
        candidate=reading.candidate + "\n",
        tests=test,
        declared=declared(NAME, opened),
    )


def negate(tests: str, code: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    checks = [span for found in CHECK.finditer(code) for span in arguments(tests, code, found.end())[0]]
    return applied(
        tests, [negated_check(tests, code, span) for span in checks if not GUARD.search(tests[slice(*span)])]
    )


def negated_check(text: str, code: str, span: Span) -> Edit | None:
    """Return the edit of one condition: `s.f(x) == 2`, `s.f(x).equals(y)`, `Math.abs(s.f(x) - 2) < 1e-6`, `s.f(x)`."""
    if compared := sides(text, code, span, "[!=]="):
        expected = compared[0] if CALL.search(code, *compared[1]) else compared[1]
        return VALUES.other(text, expected) or (*expected, f"({text[slice(*expected)]}) + 1")
    for found in EQUALS.finditer(code, *span):
        values, end = arguments(text, code, found.end())
        if end == span[1] - 1:
            expected = (found.end(), end)
            if found[1]:
                expected = values[0] if CALL.search(code, *values[-1]) else values[-1]
            return VALUES.other(text, expected) or (expected[1], expected[1], ' + "~"')
    return further_off(text, code, span) or negated(text, span)
