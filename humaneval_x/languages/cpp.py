"""C++: assembly, truncation, stop rule.

Does not parse. Source: the rules of CodeGeeX's evaluator, `codegeex/benchmark` at THUDM/CodeGeeX.
"""

from __future__ import annotations

import re

from humaneval_x.languages import Rules, Task
from humaneval_x.languages.source import C_COMMENT, DOUBLE_QUOTED, prefix_of, solution_and_helpers, up_to_last_brace
from humaneval_x.records import Problem, Program

NAME = "cpp"
TITLE = "C++"
PREFIX = "CPP"
FILE = "cpp"
TAG = "// language: C++"
EXTENSION = ".cpp"

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
MAIN = re.compile(r"^[ \t]*(?:int|void|auto|signed)\s+main\s*\(", re.MULTILINE)


def truncate(completion: str, rules: Rules) -> str:
    """Keep up to the last closing brace; by our rule, that of the last complete function before prose or `main`."""
    kept = solution_and_helpers(completion, LEXICON, MAIN) if rules is Rules.OURS else None
    return up_to_last_brace(completion) if kept is None else kept


def stops(completion: str) -> bool:
    """Whether more braces were closed than opened."""
    return completion.count("}") > completion.count("{")


def assemble(problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
    """Return the includes that the declaration lacks, declaration and completion, tests."""
    prefix = prefix_of(problem, task)
    preamble = "".join(line + "\n" for line in INCLUDES if line not in prefix)
    return Program(language=NAME, preamble=preamble, candidate=prefix + completion + "\n", tests=test)
