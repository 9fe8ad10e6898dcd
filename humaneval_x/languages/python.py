"""Python: assembly, truncation, stop rule.

Does not parse: text is read line by line, with strings and comments blanked out, because what a model wrote may be
anything. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import ast
import builtins
import collections
import functools
import itertools
import keyword
import re
import typing
from collections.abc import Iterator

from humaneval_x.languages.source import MARKUP, PROSE, Item, blank, names_used, needed, prefix_of
from humaneval_x.records import Problem, Program
from humaneval_x.settings import Rules, Task

NAME = "python"
TITLE = "Python"
PREFIX = "Python"
FILE = "python"
TAG = "# language: Python"
EXTENSION = ".py"
KEYWORDS = frozenset(keyword.kwlist)
STATEMENT_WORDS = KEYWORDS | frozenset(keyword.softkwlist)

IMPORTS = (
    "import math",
    "import re",
    "import sys",
    "import copy",
    "import datetime",
    "import itertools",
    "import collections",
    "import heapq",
    "import statistics",
    "import functools",
    "import hashlib",
    "import numpy",
    "import numpy as np",
    "import string",
    "from typing import *",
    "from collections import *",
)
PREAMBLE = "".join(line + "\n" for line in IMPORTS)
CUTS = ("\ndef", "\nclass", "\nif", "\n#", "\nprint", "\nassert")
LEXICON = re.compile(
    r"""(?:\#[^\n]* | (?P<q>'''|\"\"\")(?:\\.|(?!(?P=q)).)*(?:(?P=q)|\Z)
    | '(?:\\.|[^'\\\n])*'? | "(?:\\.|[^"\\\n])*"?)""",
    re.VERBOSE | re.DOTALL,
)
HELPER = re.compile(r"(?:async[ ]+def|def|class)[ ]+(\w+)")
HEAD = re.compile(r"^(?:async[ ]+)?def [^\n]*:(?=[ ]*$)", re.MULTILINE)
COLUMN_0 = re.compile(r"^[^\s)\]}]", re.MULTILINE)
# The targets of a `for` end before the next one, so that time is linear: blanked comments are long runs of blanks.
BINDING = re.compile(
    r"(?<![\w, ])([\w, ]+)(?::[^=\n]{1,200})?=(?!=)|\bfor\b((?:(?!\b(?:for|in)\b)[\w\s,()])+)\bin\b"
    r"|\b(?:def|class|as|lambda)\s+([\w, ]+)"
)
LEAVES = re.compile(r"\b(?:return|yield|raise)\b")
LEFT = re.compile(r"\s*(?:return|raise)\b")
TWO_WORDS = re.compile(r"\s*([^\W\d]\w*)[ ]+[^\W\d]\w*")
# A name that the program has anyway: no function after the solution may replace it.
PROVIDED = frozenset(
    [*dir(builtins), *keyword.kwlist, *typing.__all__, *collections.__all__, *(line.split()[-1] for line in IMPORTS)]
)


def truncate(completion: str, rules: Rules) -> str:
    """Cut a completion at the end of the function's body; our rule keeps helper functions that the body uses."""
    if rules is Rules.OURS:
        return keep_used(completion, "")
    for mark in CUTS:
        at = completion.rfind(mark)
        completion = completion if at < 0 else completion[:at]
    return completion


def stops(completion: str) -> bool:
    """Whether a line that is not blank starts in column 0."""
    return first_column_0(completion) < len(completion)


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return imports, declaration and completion, tests. The completion is cut where its function ends."""
    prefix = prefix_of(problem, task)
    body = completion[: first_column_0(completion)] if rules is Rules.REFERENCE else keep_used(completion, prefix)
    candidate = prefix + body + "\n"
    return Program(language=NAME, preamble=PREAMBLE, candidate=candidate, tests=test, declared=declaration_of(prefix))


@functools.lru_cache(maxsize=512)  # a problem's samples share it
def declaration_of(prefix: str) -> str:
    """Return `prefix` with an empty body for the function that it opens; empty if it does not end in one."""
    heads = list(HEAD.finditer(code := blank(prefix, LEXICON)))
    return prefix[: heads[-1].end()] + " ...\n" if heads and not code[heads[-1].end() :].strip() else ""


def first_column_0(text: str) -> int:
    """Return where the first line starts that is neither blank nor indented with blanks or tabs, or the length."""
    found = re.search(r"^(?![ \t])[^\n]*\S", text, re.MULTILINE)
    return found.start() if found else len(text)


def keep_used(completion: str, prefix: str) -> str:
    """Return the function's body, and the functions and classes after it that the body needs and `prefix` lacks."""
    code = blank(completion, LEXICON)
    end = end_of_body(completion, code)
    taken = PROVIDED | set(names_used(blank(prefix, LEXICON))) | bound(code[:end])
    helpers: dict[str, Item] = {}
    for name, start, stop in helpers_after(code, end):
        if name not in taken and complete(code[start:stop]):
            helpers.setdefault(name, (name, start, stop))
    used = needed(helpers.values(), code, code[:end])
    if not used:
        return completion[:end]
    return "\n\n\n".join(part.rstrip() for part in (completion[:end], *(completion[a:b] for _, a, b in used))) + "\n"


def end_of_body(text: str, code: str) -> int:
    """Return where the body ends: at the first statement in column 0, or comment there once it may have ended.

    Lines inside brackets and strings, and after a backslash, are no statements. It may have ended once something is
    returned; it goes on after such a comment only if code follows that can be a part of it.
    """
    depth = at = 0
    base = indent = comment = -1  # indentation of the body, of its last statement; where the comment starts
    leaves = ended = left = continued = False
    for line in code.split("\n"):
        written = line.strip()
        if depth == 0 and not continued:
            if text[at : at + 1].strip() and (written or (ended and comment < 0)):
                if written or left or MARKUP.match(text, at):
                    return comment if comment >= 0 else at
                comment = at
            elif written:
                if comment >= 0 and not goes_on(line, indent):
                    return comment
                comment = -1
                indent = len(line) - len(line.lstrip())
                base = indent if base < 0 else base
                left = indent <= base and LEFT.match(line) is not None
        if written:
            leaves = leaves or LEAVES.search(line) is not None
            ended = leaves and not line.rstrip().endswith((":", "\\"))
        continued = line.rstrip("\r").endswith("\\")
        depth = max(0, depth + sum(line.count(c) for c in "([{") - sum(line.count(c) for c in ")]}"))
        at += len(line) + 1
    return len(text) if comment < 0 else comment


def goes_on(line: str, indent: int) -> bool:
    """Whether an indented line can be a statement after one with that indentation, and not prose."""
    words = TWO_WORDS.match(line)
    if PROSE.match(line) or (words and words[1] not in STATEMENT_WORDS):
        return False
    return len(line) - len(line.lstrip()) <= indent


def helpers_after(code: str, end: int) -> Iterator[Item]:
    """Yield the functions and classes in column 0 from `end` on, with their decorators."""
    starts = [found.start() for found in COLUMN_0.finditer(code, end)]
    decorated = None
    for start, stop in itertools.pairwise([*starts, len(code)]):
        if code[start] == "@":
            decorated = start if decorated is None else decorated
            continue
        if found := HELPER.match(code, start):
            yield found[1], start if decorated is None else decorated, stop
        decorated = None


def complete(block: str) -> bool:
    """Whether a function or class seems to have all of its body."""
    balanced = all(block.count(a) == block.count(b) for a, b in ("()", "[]", "{}"))
    return balanced and ":" in block and not block.rstrip().endswith((":", "\\", ",", "=", "def", "return"))


def bound(code: str) -> set[str]:
    """Return names that the body binds itself, so that it means nothing outside by them."""
    return {name for found in BINDING.finditer(code) for part in found.groups("") for name in re.findall(r"\w+", part)}


def negate(tests: str) -> tuple[str, int]:
    """Return the tests with every expectation changed to a wrong value of its type, and how many could not be.

    The one function here that parses: tests are the problem's own text. What is expected is computed as before, then
    changed by a function of the tests', which no program can reach.
    """
    try:
        tree = ast.parse(tests)
    except (SyntaxError, ValueError, RecursionError):
        return tests, 1
    left = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            wrong = negated_check(node.test)
            left += wrong is None
            node.test = wrong or node.test
    return OTHER + ast.unparse(ast.fix_missing_locations(tree)) + "\n", left


OTHER = """def _other(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, complex)):
        return value + 1 if value + 1 != value else -value
    if isinstance(value, str):
        return value + "~"
    if isinstance(value, (list, tuple)):
        return type(value)([*value[:-1], _other(value[-1])] if value else [0])
    if isinstance(value, dict):
        return {**value, **{key: _other(each) for key, each in list(value.items())[-1:]}} if value else {0: 0}
    if isinstance(value, (set, frozenset)):
        return type(value)([*value, "~"])
    return "~" if value is None else None
"""


def negated_check(test: ast.expr) -> ast.expr | None:
    """Return an assertion's condition with another expectation; None where it expects nothing of a call."""
    if not any(isinstance(node, ast.Call) for node in ast.walk(test)):
        return None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        wrong = [negated_check(value) for value in test.values]
        kept = [new or old for new, old in zip(wrong, test.values, strict=True)]
        return ast.BoolOp(test.op, kept) if any(wrong) else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return compared(test, test.ops[0], test.left, test.comparators[0])
    return ast.UnaryOp(ast.Not(), test)


def compared(test: ast.Compare, operator: ast.cmpop, left: ast.expr, right: ast.expr) -> ast.expr:
    """Return a comparison with another expectation: of the side that calls nothing, or of the right one."""
    if isinstance(operator, ast.Eq | ast.Is):
        swapped = isinstance(right, ast.Call) and not any(isinstance(node, ast.Call) for node in ast.walk(left))
        wrong = [other(left), right] if swapped else [left, other(right)]
        return ast.Compare(wrong[0], test.ops, wrong[1:])
    tolerated = isinstance(operator, ast.Lt | ast.LtE) and isinstance(left, ast.Call) and len(left.args) == 1
    if tolerated and isinstance(left, ast.Call) and ast.unparse(left.func).rpartition(".")[2] in ("abs", "fabs"):
        further = ast.BinOp(left.args[0], ast.Sub(), ast.Constant(1))
        return ast.Compare(ast.Call(left.func, [further], []), test.ops, [right])
    return ast.UnaryOp(ast.Not(), test)


def other(expected: ast.expr) -> ast.expr:
    """Return the call that changes a value."""
    return ast.Call(ast.Name("_other", ast.Load()), [expected], [])
