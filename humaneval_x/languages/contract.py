"""What a language module has to offer. `registry.py` lists those there are."""

from __future__ import annotations

from typing import Protocol

from humaneval_x.records import Opened, Problem, Program, Reading
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

    def truncate(self, completion: str) -> str:
        """Cut a raw completion by the published rule, as the reference does when it generates."""
        ...

    def stops(self, completion: str) -> bool:
        """Whether sampling can end here, by the published stop rule."""
        ...

    def judged_by_reference(self, completion: str) -> str:
        """Return what the reference's evaluator takes of a row's completion."""
        ...

    def assemble(
        self, problem: Problem, reading: Reading, opened: Opened, task: Task, test: str, rules: Rules
    ) -> Program:
        """Build the program that judges an answer, in parts. `opened` is the problem's own text, read."""
        ...

    def negate(self, tests: str, code: str) -> tuple[str, int]:
        """Return the tests with every expectation changed to a wrong value of its type, and how many could not be.

        `code` is `tests`, equally long, with strings and comments as blanks.
        """
        ...
