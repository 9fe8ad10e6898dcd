"""Java: assembly, truncation, stop rule. A completion ends the method and the class around it.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages.expectations import Edit, Notation, Span, applied, arguments, further_off, negated, sides
from humaneval_x.languages.source import (
    C_COMMENT,
    DOUBLE_QUOTED,
    blank,
    closing_brace,
    end_of_items,
    garbage,
    prefix_of,
    up_to_last_brace,
)
from humaneval_x.records import Problem, Program
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
TEXT_BLOCK = r'"""(?:\\.|(?!""").)*(?:"""|\Z)'
LEXICON = re.compile(rf"{C_COMMENT}|{TEXT_BLOCK}|{DOUBLE_QUOTED}|'(?:\\[^\n]|[^'\\\n]){{1,10}}'", re.DOTALL)
CHECK = re.compile(r"List<Boolean>\s+\w+\s*=\s*Arrays\.asList\(|\bif\s*\((?=[^;]*\{\s*throw new AssertionError)")
GUARD = re.compile(r"\w+\.contains\(false\)\s*\Z")  # of the list above, whose elements are the checks
CALL = re.compile(r"(?<![\w.])(?:s|new Solution\(\))\.")  # of the tested method, as the published tests name it
EQUALS = re.compile(r"(\b(?:Objects|Arrays))?\.(?:deepE|e)quals\(")
VALUES = Notation(
    lexicon=LEXICON,
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
MAIN = re.compile(r"^[ \t]*public static void main\b|^(?:public )?(?:final )?class Main\b", re.MULTILINE)


def truncate(completion: str, rules: Rules) -> str:
    """Cut before a `main`, keep up to the last closing brace, and close the class if that is missing."""
    if rules is Rules.OURS:
        return class_and_helpers(completion)
    return reference(completion)


def reference(completion: str) -> str:
    """Return the completion cut by the reference rule, which counts braces in strings and comments too."""
    at = completion.find("public static void main")
    kept = up_to_last_brace(completion if at < 0 else completion[:at] + "}")
    return kept + "\n}" if kept.count("{") + 1 == kept.count("}") else kept


def class_and_helpers(text: str) -> str:
    """Return the method, the members and classes after it that are complete, and the class's own end."""
    code = blank(text, LEXICON)
    end = closing_brace(code, 1)
    if end is None:
        return reference(text)
    stop = garbage(text, code, end, MAIN)
    members, closed = end_of_items(code, end, stop)
    if closed is None:
        return text[:members] + "\n}"
    return text[: end_of_items(code, closed, stop)[0]]


def stops(completion: str) -> bool:
    """Whether more braces were closed than opened."""
    return completion.count("}") > completion.count("{")


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return the declaration's imports again for the tests, declaration and completion, tests, and the declaration."""
    prefix = prefix_of(problem, task)
    preamble = "".join(found[0] + "\n" for found in IMPORT.finditer(prefix))
    return Program(language=NAME, preamble=preamble, candidate=prefix + completion + "\n", tests=test, declared=prefix)


def negate(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
    code = blank(tests, LEXICON)
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
