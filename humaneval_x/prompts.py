"""What a model is asked: the templates of `tasks.py`, filled with the words of a problem. Pure text.

Does not sample and does not assemble programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from humaneval_x.answers.documented import Documented, documented
from humaneval_x.answers.opening import opened
from humaneval_x.errors import OptionError, ProblemError, unknown
from humaneval_x.languages import BY_PREFIX, GROUPS, KNOWN, PAIRS, pairs
from humaneval_x.languages import language as language_named
from humaneval_x.records import Problem
from humaneval_x.tasks import HOW, TASKS, Asking, task_of


@dataclass(frozen=True, slots=True)
class Words(Mapping[str, str]):
    """The words of a problem, by the names that templates use; each is made when it is asked for. `source` is the same
    problem in the language of a translation's source.
    """

    problem: Problem
    source: Problem | None = None
    description: str = ""  # what the model said of the solution, in the step before
    shown: str = ""  # in a chat: what models see that continue a text

    def __getitem__(self, name: str) -> str:
        return WORDS[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(WORDS)

    def __len__(self) -> int:
        return len(WORDS)


def _source(words: Words) -> Problem:
    assert words.source is not None
    return words.source


def buggy_solution(problem: Problem) -> str:
    """Return what a repair begins with. Raises ProblemError where the problem has none."""
    if not problem.buggy_solution:
        what = f"{problem.source} ({problem.task_id}): has no 'buggy_solution', which a repair begins with"
        raise ProblemError(f"{what}; give --problems humanevalpack or fresh, or a folder whose rows have one")
    return problem.buggy_solution


def _tag(words: Words) -> str:
    """Return the line that names the language; none where a problem has stop tokens of its own: MultiPL-E's."""
    return "" if words.problem.stop_tokens else f"{BY_PREFIX[words.problem.prefix].TAG}\n"


def _solution(words: Words) -> str:
    source = _source(words)
    if not source.canonical_solution:
        raise ProblemError(f"{source.task_id}: has no solution to translate; use a set with solutions")
    return source.canonical_solution.rstrip()


def _instruction(words: Words) -> str:
    """Return HumanEvalPack's own sentence where the row has it, else one of the same form."""
    if words.problem.instruction:
        return words.problem.instruction.strip()
    header = opened(BY_PREFIX[words.problem.prefix].NAME, words.problem.prompt).header.strip()
    asked = f"Write a {words['title']} function `{header or words['name']}` to solve the following problem:"
    return f"{asked}\n{words['docstring']}"


def docstring(problem: Problem) -> str:
    """Return a problem's docstring without quotes and marks. Raises ProblemError where it has none."""
    found = documented(BY_PREFIX[problem.prefix].NAME, problem.prompt).docstring
    if not found:
        what = f"{problem.source} ({problem.task_id}): its prompt has no docstring"
        raise ProblemError(f"{what}; expected a comment or string that says what its function does")
    return found


def _documented(words: Words) -> Documented:
    return documented(BY_PREFIX[words.problem.prefix].NAME, words.problem.prompt)


WORDS: Mapping[str, Callable[[Words], str]] = {
    "tag": _tag,
    "title": lambda words: title(words.problem),
    "prompt": lambda words: words.problem.prompt,
    "declaration": lambda words: words.problem.declaration,
    "test": lambda words: words.problem.test,
    "buggy_solution": lambda words: buggy_solution(words.problem),
    "solution": lambda words: words.problem.canonical_solution,
    "description": lambda words: words.description,
    "instruction": _instruction,
    "name": lambda words: _documented(words).name,  # of the tested function
    "docstring": lambda words: docstring(words.problem),
    "limit": lambda words: str(len(docstring(words.problem))),  # characters of a description
    "opening": lambda words: _documented(words).opening,  # the prompt without its docstring
    "source_title": lambda words: title(_source(words)),
    "source_declaration": lambda words: _source(words).declaration,
    "source_solution": _solution,
    "how": lambda words: HOW.format_map(words),
    "shown": lambda words: words.shown,
}


def asked(asking: Asking, words: Words) -> tuple[str, str]:
    """Return what a model is shown that continues texts, and one that is spoken to. Raises ProblemError."""
    text = asking.text.format_map(words)
    return text, asking.chat.format_map(replace(words, shown=text.rstrip()))


def words_of(problem: Problem, origin: str, others: Mapping[str, Problem]) -> Words:
    """Return the words of a problem for an origin; `others` has the source languages' problems, by task_id.

    Raises ProblemError where a translation's counterpart is missing.
    """
    if not TASKS[task_of(origin)].pairs:
        return Words(problem)
    source = others.get(f"{KNOWN[origin].PREFIX}/{problem.number}")
    if source is None:
        what = f"{problem.task_id}: its {origin} counterpart is missing"
        raise ProblemError(f"{what}; expected each problem in both languages")
    return Words(problem, source)


def title(problem: Problem) -> str:
    """Return the name that people give to a problem's language. Raises ProblemError for one we do not know."""
    if problem.prefix not in BY_PREFIX:
        raise ProblemError(f"{problem.task_id}: {unknown('language', problem.prefix, BY_PREFIX)}")
    return BY_PREFIX[problem.prefix].TITLE


def pairs_named(text: str) -> tuple[tuple[str, str], ...]:
    """Return the (source, target) pairs that an option names: 'all6', or 'python-cpp,go-java'; each once, in order.

    'all' and 'all5' are the twenty of the five languages.

    Raises OptionError for a pair of unknown languages, of one language twice, or of no two languages.
    """
    if (word := text.strip()) == "all" or word in GROUPS:
        return PAIRS if word == "all" else pairs(GROUPS[word])
    found = []
    for word in text.split(","):
        source, dash, target = word.strip().partition("-")
        if not dash or "-" in target:
            raise OptionError(
                f"pair {word.strip()!r} has to read source-target, as in python-cpp; choose from {', '.join(KNOWN)}"
            )
        for name in (source, target):
            language_named(name)
        if source == target:
            raise OptionError(f"pair {word.strip()!r} translates nothing; give two languages of {', '.join(KNOWN)}")
        found.append((source, target))
    return tuple(dict.fromkeys(found))
