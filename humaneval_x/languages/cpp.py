"""C++: names and tags, the published rules, assembly, wrong expectations. Reads no completion: `answers` does.

Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages.declared import declared
from humaneval_x.languages.expectations import (
    Edit,
    Notation,
    Span,
    applied,
    arguments,
    further_off,
    negated,
    sides,
    trimmed,
)
from humaneval_x.languages.source import more_closed_than_opened, prefix_of, up_to_last_brace, whole
from humaneval_x.records import Opened, Problem, Program, Reading
from humaneval_x.settings import Rules, Task

NAME = "cpp"
TITLE = "C++"
PREFIX = "CPP"
FILE = "cpp"
TAG = "// language: C++"
EXTENSION = ".cpp"
KEYWORDS = frozenset(
    "alignas alignof asm auto bool break case catch char class const constexpr const_cast continue decltype default "
    "delete do double dynamic_cast else enum explicit extern false float for friend goto if inline int long mutable "
    "namespace new noexcept nullptr operator private protected public register reinterpret_cast return short signed "
    "sizeof static static_assert static_cast struct switch template this throw true try typedef typeid typename union "
    "unsigned using virtual void volatile while".split()
)

INCLUDES = (
    "#include<stdlib.h>",
    "#include<algorithm>",
    "#include<math.h>",
    "#include<stdio.h>",
    "#include<vector>",
    "#include<string>",
    "#include<climits>",
    "#include<cstring>",
    "#include<iostream>",
)
CHECK = re.compile(r"\bassert\s*\(")
CALL = re.compile(r"\s*\(*\s*[a-z_]\w*\s*\(")
SAME = re.compile(r"issame\s*\(")
TOLERANCE = re.compile(r"\s*(?:std::)?f?abs\s*\(")
VALUES = Notation(
    words={"true": "false", "false": "true"},
    empty=[
        (r"(vector<string>)\s*[({]\s*[)}]", r'\1{"~"}'),
        (r"(vector<(?:int|long long|float|double)>)\s*[({]\s*[)}]", r"\1{0}"),
        (r"(map<string, ?int>)\s*[({]\s*[)}]", r'\1{{"~", 1}}'),
        (r"\{\s*\}", "{{}}"),  # one empty or zero element, whatever the type
    ],
    characters=True,
)
truncate, stops, judged_by_reference = up_to_last_brace, more_closed_than_opened, whole


def assemble(problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules) -> Program:
    """Return the includes that the declaration lacks, the candidate, tests, and what the problem declares."""
    prefix = prefix_of(problem, task)
    preamble = problem.test_setup + "".join(line + "\n" for line in INCLUDES if line not in prefix)
    said = declared(NAME, opened)
    return Program(language=NAME, preamble=preamble, candidate=reading.candidate + "\n", tests=test, declared=said)


def negate(tests: str, code: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    checks = [arguments(tests, code, found.end()) for found in CHECK.finditer(code)]
    return applied(tests, [negated_check(tests, code, (spans[0][0], end)) for spans, end in checks if spans])


def negated_check(text: str, code: str, span: Span) -> Edit | None:
    """Return the edit of one condition: `f(x) == 2`, `issame(f(x), {1})`, `fabs(f(x) - 2) < 1e-6`, `f(x)`."""
    span = trimmed(text, span)
    while code[span[0]] == "(" and arguments(text, code, span[0] + 1)[1] == span[1] - 1:
        span = trimmed(text, (span[0] + 1, span[1] - 1))
    if compared := sides(text, code, span, "[!=]="):
        swapped = CALL.match(code, *compared[1]) and not CALL.match(code, *compared[0])
        expected = compared[0] if swapped else compared[1]
        return VALUES.other(text, expected)
    if edit := further_off(text, code, span, TOLERANCE):
        return edit
    if same := SAME.match(code, *span):
        values, end = arguments(text, code, same.end())
        return VALUES.other(text, values[-1]) if end == span[1] - 1 and len(values) == 2 else None
    return negated(text, span) if CALL.search(code, *span) else None
