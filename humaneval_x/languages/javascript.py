"""JavaScript: assembly, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages import Rules, Task
from humaneval_x.languages.source import C_COMMENT, DOUBLE_QUOTED, prefix_of, solution_and_helpers, up_to_last_brace
from humaneval_x.records import Problem, Program

NAME = "javascript"
TITLE = "JavaScript"
PREFIX = "JavaScript"
FILE = "js"
TAG = "// language: JavaScript"
EXTENSION = ".js"

SUBSTITUTION = r"\$\{(?:[^{}`]|`[^`\n]*`|\{[^{}]*\}){0,500}\}"
TEMPLATE = rf"`(?:\\.|{SUBSTITUTION}|[^`\\])*(?:`|\Z)"
BEFORE_PATTERN = r"(?:(?<=[(,=:\[!&|?{};\n>+])|(?<=[(,=:\[!&|?{};>+] )|(?<=return ))"
PATTERN = BEFORE_PATTERN + r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,200}\]|[^/\\\n\[]){1,1000}/"
SINGLE_QUOTED = r"'(?:\\.|[^'\\\n])*'?"
LEXICON = re.compile(rf"{C_COMMENT}|{TEMPLATE}|{DOUBLE_QUOTED}|{SINGLE_QUOTED}|{PATTERN}", re.DOTALL)
NO_MAIN = re.compile(r"(?!)")


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
