"""Java: assembly, truncation, stop rule. A completion ends the method and the class around it.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages import Rules, Task
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

NAME = "java"
TITLE = "Java"
PREFIX = "Java"
FILE = "java"
TAG = "// language: Java"
EXTENSION = ".java"

IMPORT = re.compile(r"^import\s[^;\n]*;", re.MULTILINE)
TEXT_BLOCK = r'"""(?:\\.|(?!""").)*(?:"""|\Z)'
LEXICON = re.compile(rf"{C_COMMENT}|{TEXT_BLOCK}|{DOUBLE_QUOTED}|'(?:\\[^\n]|[^'\\\n]){{1,10}}'", re.DOTALL)
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
    """Return the declaration's imports again for the tests, declaration and completion, tests."""
    prefix = prefix_of(problem, task)
    preamble = "".join(found[0] + "\n" for found in IMPORT.finditer(prefix))
    return Program(language=NAME, preamble=preamble, candidate=prefix + completion + "\n", tests=test)
