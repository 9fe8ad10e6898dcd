"""The one registry of languages."""

from __future__ import annotations

from collections.abc import Iterable

from humaneval_x.errors import OptionError, unknown
from humaneval_x.languages import cpp, go, java, javascript, python, rust
from humaneval_x.languages.contract import Language

# The five of the paper: the default everywhere, and what the word all5 means.
LANGUAGES: dict[str, Language] = {
    "python": python,
    "cpp": cpp,
    "java": java,
    "javascript": javascript,
    "go": go,
}
KNOWN: dict[str, Language] = {**LANGUAGES, "rust": rust}  # and those that have to be asked for
GROUPS: dict[str, tuple[str, ...]] = {"all5": tuple(LANGUAGES), "all6": tuple(KNOWN)}
BY_PREFIX: dict[str, Language] = {language.PREFIX: language for language in KNOWN.values()}


def pairs(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return every ordered pair of two of these languages."""
    names = tuple(names)
    return tuple((source, target) for source in names for target in names if source != target)


PAIRS = pairs(LANGUAGES)


def language(name: str) -> Language:
    """Return a language by its command-line name. Raises OptionError naming the nearest."""
    if name not in KNOWN:
        raise OptionError(unknown("language", name, KNOWN))
    return KNOWN[name]


def language_of(task_id: str) -> Language:
    """Return the language of a task_id of a known set: C++ for 'CPP/12'."""
    return BY_PREFIX[task_id.partition("/")[0]]
