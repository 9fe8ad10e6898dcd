"""The one registry of languages."""

from __future__ import annotations

from humaneval_x.errors import OptionError, unknown
from humaneval_x.languages import cpp, go, java, javascript, python
from humaneval_x.languages.contract import Language

LANGUAGES: dict[str, Language] = {
    "python": python,
    "cpp": cpp,
    "java": java,
    "javascript": javascript,
    "go": go,
}
BY_PREFIX: dict[str, Language] = {language.PREFIX: language for language in LANGUAGES.values()}
PAIRS: tuple[tuple[str, str], ...] = tuple((s, t) for s in LANGUAGES for t in LANGUAGES if s != t)


def language(name: str) -> Language:
    """Return a language by its command-line name. Raises OptionError naming the nearest."""
    if name not in LANGUAGES:
        raise OptionError(unknown("language", name, LANGUAGES))
    return LANGUAGES[name]


def language_of(task_id: str) -> Language:
    """Return the language of a task_id of a known set: C++ for 'CPP/12'."""
    return BY_PREFIX[task_id.partition("/")[0]]
