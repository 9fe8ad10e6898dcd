"""The task that an id of another harness means, where that is certain.

    HumanEval/31, HumanEval_31_is_prime, JS/31, python_31, Cpp/fresh-3, 31   ->   Python/31 or the like

The language is the id's own, else the file's, else that of `--languages`, else Python for ids of HumanEval, which is a
data set of Python. Says only which task an id means, not whether a problem set has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from humaneval_x.languages import KNOWN

HUMANEVAL = "python"  # the language of HumanEval itself
NUMBER = r"(?P<number>(?:fresh-)?[0-9]+)"
NAMED = re.compile(rf"(?P<language>[A-Za-z+#]+(?:_test)?)[/_-]{NUMBER}")
FAMILY = re.compile(rf"(?i:human-?eval[a-z+-]*)[/_-](?:(?P<language>[A-Za-z+#]+)[/_-])?{NUMBER}(?:_\w+)?")
BARE = re.compile(NUMBER)


def task_id_of(task: object, language: str | None, languages: Sequence[str] = ()) -> str | None:
    """Return the task_id that `task` means, such as "Go/31", or None where that is not certain."""
    text = str(task) if isinstance(task, int) and not isinstance(task, bool) else task
    if not isinstance(text, str):
        return None
    outside = language_named(language) or (languages[0] if len(languages) == 1 else None)
    if found := FAMILY.fullmatch(text):
        inside = language_named(found["language"])
        return written(inside or (None if found["language"] else outside or HUMANEVAL), found["number"])
    if found := NAMED.fullmatch(text):
        return written(language_named(found["language"]), found["number"])
    if found := BARE.fullmatch(text):
        return written(outside, found["number"])
    return None


def written(language: str | None, number: str) -> str | None:
    """Return a task_id, or None without a language."""
    plain = number if number.startswith("fresh-") else str(int(number))
    return f"{KNOWN[language].PREFIX}/{plain}" if language else None


def language_named(name: str | None) -> str | None:
    """Return the language that a name of any harness means ("py", "C++", "golang", "go_test.go"), or None."""
    if name is None:
        return None
    plain = name.casefold().strip().removeprefix(".")
    known = spellings()
    return next(
        (known[each] for each in (plain, plain.partition("_")[0], plain.removesuffix("lang")) if each in known), None
    )


def languages_in(name: str) -> set[str]:
    """Return the languages that the words of a file's name mean."""
    words = re.split(r"[^a-z+#]+", name.casefold())
    return {found for word in words if (found := spellings().get(word))}


@cache
def spellings() -> dict[str, str]:
    """Return each way to write a language's name, in lower case, with the language."""
    return {
        spelling.casefold().removeprefix("."): name
        for name, module in KNOWN.items()
        for spelling in (name, module.TITLE, module.PREFIX, module.FILE, module.EXTENSION)
    }
