"""C++: assembly, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import functools
import re

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
from humaneval_x.languages.source import (
    C_COMMENT,
    DOUBLE_QUOTED,
    blank,
    prefix_of,
    solution_and_helpers,
    up_to_last_brace,
)
from humaneval_x.records import Problem, Program
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
RAW_STRING = r'R"(?P<end>[^()\\\s]{0,16})\((?:(?!\)(?P=end)").)*(?:\)(?P=end)"|\Z)'
LEXICON = re.compile(rf"{C_COMMENT}|{RAW_STRING}|{DOUBLE_QUOTED}|'(?:\\[^\n]|[^'\\\n]){{1,10}}'", re.DOTALL)
CHECK = re.compile(r"\bassert\s*\(")
CALL = re.compile(r"\s*\(*\s*[a-z_]\w*\s*\(")
SAME = re.compile(r"issame\s*\(")
TOLERANCE = re.compile(r"\s*(?:std::)?f?abs\s*\(")
VALUES = Notation(
    lexicon=LEXICON,
    words={"true": "false", "false": "true"},
    empty=[
        (r"(vector<string>)\s*[({]\s*[)}]", r'\1{"~"}'),
        (r"(vector<(?:int|long long|float|double)>)\s*[({]\s*[)}]", r"\1{0}"),
        (r"(map<string, ?int>)\s*[({]\s*[)}]", r'\1{{"~", 1}}'),
        (r"\{\s*\}", "{{}}"),  # one empty or zero element, whatever the type
    ],
    characters=True,
)
NO_SYMBOL = re.compile(r"\b(?:template|static|inline|constexpr|auto|namespace|struct|class)\b")
MAIN = re.compile(r"^[ \t]*(?:int|void|auto|signed)\s+main\s*\(", re.MULTILINE)
# `} g, h[2];` of a struct and its variables, then declarations without a brace: `int S::made = 3;`.
TYPES = "auto bool char const constexpr double extern float int long short signed static string unsigned vector"
DECLARATION = rf"(?:std::|\b(?:{TYPES.replace(' ', '|')})\b)[^;{{}}#]*;"
ENDING = re.compile(rf"(?:[ \t]*(?:[\w*&,=][^;{{}}#\n]*)?;)?(?:\s*{DECLARATION})*")
IF = re.compile(r"^[ \t]*#[ \t]*if", re.MULTILINE)
ENDIF = re.compile(r"^[ \t]*#[ \t]*endif\b", re.MULTILINE)


def truncate(completion: str, rules: Rules) -> str:
    """Keep up to the last closing brace; by our rule, that of the last complete function before prose or `main`."""
    if rules is Rules.REFERENCE:
        return up_to_last_brace(completion)
    kept = solution_and_helpers(completion, LEXICON, MAIN, ENDING)
    return with_endifs(completion, up_to_last_brace(completion) if kept is None else kept)


def with_endifs(text: str, kept: str) -> str:
    """Return `kept`, the first part of `text`, and each `#endif` that it lacks and the rest has."""
    code = blank(text, LEXICON)
    opened, rest = code[: len(kept)], code[len(kept) :]
    lacking = len(IF.findall(opened)) - len(ENDIF.findall(opened))
    return kept + "\n#endif" * min(lacking, len(ENDIF.findall(rest)))


def stops(completion: str) -> bool:
    """Whether more braces were closed than opened."""
    return completion.count("}") > completion.count("{")


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return the includes that the declaration lacks, declaration and completion, tests."""
    prefix = prefix_of(problem, task)
    preamble = "".join(line + "\n" for line in INCLUDES if line not in prefix)
    candidate, declared = prefix + completion + "\n", declaration_of(prefix, test)
    return Program(language=NAME, preamble=preamble, candidate=candidate, tests=test, declared=declared)


@functools.lru_cache(maxsize=512)  # a problem's samples share it
def declaration_of(prefix: str, test: str) -> str:
    """Return `prefix` with the function it opens declared instead; empty if it opens none, or not one alone.

    A function whose address the tests take needs them in one unit with it, and so does what has no symbol of its own.
    """
    code = blank(prefix, LEXICON)
    brace = code.rfind("{")
    if brace < 0 or code[brace + 1 :].strip() or code.count("{") != code.count("}") + 1:
        return ""
    head = re.search(r"([^;{}#]*?)\b(\w+)\s*\([^{}]*\)\s*$", code[:brace])
    if not head or NO_SYMBOL.search(head[1]):
        return ""
    uses = re.findall(rf"(?<![\w.]){head[2]}\b\s*(.?)", blank(test, LEXICON))
    return prefix[:brace] + ";\n" if all(after == "(" for after in uses) else ""


def negate(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    code = blank(tests, LEXICON)
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
