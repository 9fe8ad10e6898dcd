"""Python: assembly, truncation, stop rule.

Does not parse: text is read line by line, with strings and comments blanked out, because what a model wrote may be
anything. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import builtins
import collections
import keyword
import re
import typing

from humaneval_x.languages import Rules, Task
from humaneval_x.languages.source import Item, blank, names_used, needed, prefix_of
from humaneval_x.records import Problem, Program

NAME = "python"
TITLE = "Python"
PREFIX = "Python"
FILE = "python"
TAG = "# language: Python"
EXTENSION = ".py"

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
HELPER = re.compile(r"^(?:async[ ]+def|def|class)[ ]+(\w+)", re.MULTILINE)
COLUMN_0 = re.compile(r"^[^\s)\]}]", re.MULTILINE)
BINDING = re.compile(
    r"(?<![\w, ])([\w, ]+)(?::[^=\n]{1,200})?=(?!=)|\bfor\s+([\w, ()]+?)\s+in\b|\b(?:def|class|as|lambda)\s+([\w, ]+)"
)
LEAVES = re.compile(r"\b(?:return|yield|raise)\b")
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
    return Program(language=NAME, preamble=PREAMBLE, candidate=prefix + body + "\n", tests=test)


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
    for found in HELPER.finditer(code, end):
        stop = end_of_block(code, found.end())
        if found[1] not in taken and complete(code[found.start() : stop]):
            helpers.setdefault(found[1], (found[1], found.start(), stop))
    kept = completion[:end]
    for _, start, stop in needed(helpers.values(), code, code[:end]):
        kept = kept.rstrip() + "\n\n\n" + completion[start:stop].rstrip() + "\n"
    return kept


def end_of_body(text: str, code: str) -> int:
    """Return where the body ends: at the first statement in column 0, or comment there once it may have ended.

    Lines inside brackets and strings are no statements.
    """
    depth = at = 0
    leaves = ended = False
    for line in code.split("\n"):
        if depth == 0 and text[at : at + 1].strip() and (line.strip() or ended):
            return at
        if line.strip():
            leaves = leaves or LEAVES.search(line) is not None
            ended = leaves and not line.rstrip().endswith((":", "\\"))
        depth = max(0, depth + sum(line.count(c) for c in "([{") - sum(line.count(c) for c in ")]}"))
        at += len(line) + 1
    return len(text)


def end_of_block(code: str, header: int) -> int:
    """Return where the function or class ends whose header is at `header`: at the next text in column 0."""
    found = COLUMN_0.search(code, header)
    return found.start() if found else len(code)


def complete(block: str) -> bool:
    """Whether a function or class seems to have all of its body."""
    balanced = all(block.count(a) == block.count(b) for a, b in ("()", "[]", "{}"))
    return balanced and ":" in block and not block.rstrip().endswith((":", "\\", ",", "=", "def", "return"))


def bound(code: str) -> set[str]:
    """Return names that the body binds itself, so that it means nothing outside by them."""
    return {name for found in BINDING.finditer(code) for part in found.groups("") for name in re.findall(r"\w+", part)}
