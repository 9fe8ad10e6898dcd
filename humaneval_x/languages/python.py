"""Python: names and tags, the published rules, assembly, wrong expectations. Reads no completion: `answers` does.

Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import ast
import keyword
import re

from humaneval_x.records import Opened, Problem, Program, Reading
from humaneval_x.settings import Rules, Task

NAME = "python"
TITLE = "Python"
PREFIX = "Python"
FILE = "python"
TAG = "# language: Python"
EXTENSION = ".py"
KEYWORDS = frozenset(keyword.kwlist)

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
COLUMN_0 = re.compile(r"^(?![ \t])[^\n]*\S", re.MULTILINE)
CUTS = ("\ndef", "\nclass", "\nif", "\n#", "\nprint", "\nassert")


def truncate(completion: str) -> str:
    """Cut before the last of each of the words that begin something else, one after the other."""
    for mark in CUTS:
        at = completion.rfind(mark)
        completion = completion if at < 0 else completion[:at]
    return completion


def stops(completion: str) -> bool:
    """Whether a line that is not blank starts in column 0."""
    return COLUMN_0.search(completion) is not None


def judged_by_reference(completion: str) -> str:
    """Return a completion up to the first line that starts in column 0."""
    found = COLUMN_0.search(completion)
    return completion[: found.start()] if found else completion


def assemble(problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules) -> Program:
    """Return the imports, the candidate, tests, and the function without a body."""
    declared = f"{opened.before}{opened.header} ...\n" if opened.name else ""
    return Program(language=NAME, preamble=PREAMBLE, candidate=reading.candidate + "\n", tests=test, declared=declared)


def negate(tests: str, code: str) -> tuple[str, int]:
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
