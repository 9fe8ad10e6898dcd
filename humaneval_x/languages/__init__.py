"""The five languages behind one contract, and the one registry of them.

Everything here is pure text in, text out: no files, no processes. What a language needs inside a jail is in
`sandboxes/<language>/`. To add a language: a module here, a folder there, one line below, a problem file.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from humaneval_x.errors import OptionError, unknown
from humaneval_x.records import Problem, Program


class Task(str, Enum):
    """What the model was asked to do: continue a prompt, or translate from another language."""

    GENERATION = "generation"
    TRANSLATION = "translation"


class Rules(str, Enum):
    """How completions are cut: `OURS` only ever rescues samples that `REFERENCE` loses."""

    OURS = "ours"
    REFERENCE = "reference"


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

    def falsify(self, tests: str) -> tuple[str, int]:
        """Return the tests with every expectation changed to a wrong value of its type, and how many could not be."""
        ...


from humaneval_x.languages import cpp, go, java, javascript, python  # noqa: E402  (they use the names above)

LANGUAGES: dict[str, Language] = {
    "python": python,
    "cpp": cpp,
    "java": java,
    "javascript": javascript,
    "go": go,
}
BY_PREFIX: dict[str, Language] = {language.PREFIX: language for language in LANGUAGES.values()}


def language(name: str) -> Language:
    """Return a language by its command-line name. Raises OptionError naming the nearest."""
    if name not in LANGUAGES:
        raise OptionError(unknown("language", name, LANGUAGES))
    return LANGUAGES[name]


PAIRS: tuple[tuple[str, str], ...] = tuple((s, t) for s in LANGUAGES for t in LANGUAGES if s != t)
