"""What a language module has to offer. `registry.py` lists those there are."""

from __future__ import annotations

from typing import Protocol

from humaneval_x.records import Problem, Program
from humaneval_x.settings import Rules, Task


class Language(Protocol):
    """One language module."""

    NAME: str  # as on the command line: 'cpp'
    TITLE: str  # as people write it, and as in translation prompts: 'C++'
    PREFIX: str  # as in task_id: 'CPP'
    FILE: str  # as in file names: 'cpp' of humaneval_cpp.jsonl
    TAG: str  # first line of a generation prompt: '// language: C++'
    EXTENSION: str  # of source files, with the dot
    KEYWORDS: frozenset[str]  # what a reader expects to see highlighted

    def truncate(self, completion: str, rules: Rules) -> str:
        """Cut a raw completion to what belongs to the solution."""
        ...

    def stops(self, completion: str) -> bool:
        """Whether sampling can end here (reference stop rule)."""
        ...

    def assemble(self, problem: Problem, completion: str, task: Task, test: str, rules: Rules) -> Program:
        """Build the program that judges `completion` against `test`, in parts."""
        ...

    def negate(self, tests: str) -> tuple[str, int]:
        """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
        ...
