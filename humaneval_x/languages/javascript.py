"""JavaScript: assembly, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages import Rules, Task
from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off, negated, sides
from humaneval_x.languages.source import (
    C_COMMENT,
    DOUBLE_QUOTED,
    blank,
    prefix_of,
    solution_and_helpers,
    up_to_last_brace,
)
from humaneval_x.records import Problem, Program

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

SUBSTITUTION = r"\$\{(?:[^{}`]|`[^`\n]*`|\{[^{}]*\}){0,500}\}"
TEMPLATE = rf"`(?:\\.|{SUBSTITUTION}|[^`\\])*(?:`|\Z)"
BEFORE_PATTERN = r"(?:(?<=[(,=:\[!&|?{};\n>+])|(?<=[(,=:\[!&|?{};>+] )|(?<=return ))"
PATTERN = BEFORE_PATTERN + r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,200}\]|[^/\\\n\[]){1,1000}/"
SINGLE_QUOTED = r"'(?:\\.|[^'\\\n])*'?"
LEXICON = re.compile(rf"{C_COMMENT}|{TEMPLATE}|{DOUBLE_QUOTED}|{SINGLE_QUOTED}|{PATTERN}", re.DOTALL)
NO_MAIN = re.compile(r"(?!)")
CHECK = re.compile(r"\bconsole\s*\.\s*assert\(")
CALL = re.compile(r"(?<![\w.$])(?!function\b)[a-z_$][\w$]*\(")  # of the tested function; values need methods only
VALUES = Notation(
    lexicon=LEXICON,
    words={"true": "false", "false": "true", "null": "0", "undefined": "null"},
    empty=((r"\[\s*\]", "[0]"), (r"\{\s*\}", '{ "~": 0 }')),
    characters=False,
)
OTHER = '((value) => (typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : value + "~"))'


def truncate(completion: str, rules: Rules) -> str:
    """Keep up to the last closing brace; by our rule, that of the last complete item before prose."""
    kept = solution_and_helpers(completion, LEXICON, NO_MAIN) if rules is Rules.OURS else None
    return up_to_last_brace(completion) if kept is None else kept


def stops(completion: str) -> bool:
    """Whether more braces were closed than opened."""
    return completion.count("}") > completion.count("{")


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return declaration and completion, tests."""
    return Program(language=NAME, preamble="", candidate=prefix_of(problem, task) + completion + "\n", tests=test)


def falsify(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    code = blank(tests, LEXICON)
    checks = (arguments(tests, code, found.end())[0] for found in CHECK.finditer(code))
    return applied(tests, (falsified(tests, code, spans[0]) if spans else None for spans in checks))


def falsified(text: str, code: str, span: Span) -> Edit | None:
    """Return the edit of one condition: `f(x) === 2`, `Math.abs(f(x) - 2) < 1e-6`, `f(x)`."""
    if compared := sides(text, code, span, "===?|!==?"):
        expected = compared[0] if CALL.search(code, *compared[1]) else compared[1]
        return VALUES.other(text, expected) or (*expected, f"{OTHER}({text[slice(*expected)]})")
    return further_off(text, code, span) or negated(text, span)
