"""What the language modules share: the text before a completion, and reading source text without parsing it.

Source text is read with strings and comments blanked out. No grammar: what a model wrote may be anything. All
functions take time linear in the text, or nearly so, and none of them fails on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from humaneval_x.records import Problem
from humaneval_x.settings import Task

BRACKETS = re.compile(r"[(){}\[\]]")
SEMICOLON = re.compile(r"[ \t]*;")
C_COMMENT = r"//[^\n]*|/\*(?:(?!\*/).)*(?:\*/|\Z)"
DOUBLE_QUOTED = r'"(?:\\.|[^"\\\n])*"?'
# A line that only prose, Markdown or the next document of a training corpus starts with.
PROSE = re.compile(r"^[ \t]*(?:[A-Z][\w'’]*,?(?: [\w'’-]+,?){3,}|#{2,6} )", re.MULTILINE)
MARKUP = re.compile(r"^[ \t]*(?:```|(?://|#) language: )", re.MULTILINE)

Item = tuple[str, int, int]  # the name it declares, where it starts, where it ends


def prefix_of(problem: Problem, task: Task) -> str:
    """Return the text that a completion continues: the prompt, or for a translation the declaration."""
    return problem.prompt if task is Task.GENERATION else problem.declaration


def blank(text: str, strings_and_comments: re.Pattern[str]) -> str:
    """Return `text`, equally long, with strings and comments as blanks; a newline inside of one is a blank too."""
    return strings_and_comments.sub(lambda found: " " * len(found[0]), text)


def closing_brace(code: str, depth: int) -> int | None:
    """Return where the brace ends that closes the outermost of `depth` blocks, or None."""
    for found in re.finditer(r"[{}]", code):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return None


def end_of_items(code: str, start: int, stop: int, ending: re.Pattern[str] = SEMICOLON) -> tuple[int, int | None]:
    """Return where the last item ends that a brace closes, and where a brace closes more than was opened, if any.

    `ending` is what is kept behind an item's brace.
    """
    end, depth = start, 0
    for found in BRACKETS.finditer(code, start, stop):
        depth += 1 if found[0] in "({[" else -1
        if depth < 0:
            return end, found.end()
        if depth == 0 and found[0] == "}":
            end = after(ending, code, found.end(), stop)
    return end, None


def after(ending: re.Pattern[str], code: str, at: int, stop: int) -> int:
    """Return where `ending` ends if it stands at `at`, else `at`."""
    found = ending.match(code, at, stop)
    return found.end() if found else at


def garbage(text: str, code: str, start: int, main: re.Pattern[str]) -> int:
    """Return where, from `start` on, something begins that cannot belong to the program: prose, markup, a `main`."""
    found = [MARKUP.search(text, start), PROSE.search(code, start), main.search(code, start)]
    return min([one.start() for one in found if one], default=len(text))


def up_to_last_brace(text: str) -> str:
    """Return `text` up to its last closing brace, or all of it if it has none."""
    return text[: text.rfind("}") + 1] if "}" in text else text


def solution_and_helpers(
    text: str, strings_and_comments: re.Pattern[str], main: re.Pattern[str], ending: re.Pattern[str] = SEMICOLON
) -> str | None:
    """Return a function's body with the complete items after it, or None if the body does not end."""
    code = blank(text, strings_and_comments)
    end = closing_brace(code, 1)
    if end is None:
        return None
    stop = garbage(text, code, end, main)
    return text[: end_of_items(code, after(ending, code, end, stop), stop, ending)[0]]


def needed(items: Iterable[Item], code: str, kept: str) -> Sequence[Item]:
    """Return those items, in their order, whose names the code in `kept` uses, directly or through another item."""
    left: dict[str, list[Item]] = {}
    for item in items:
        left.setdefault(item[0], []).append(item)
    found: list[Item] = []
    texts = [kept]
    while texts:
        for name in set(names_used(texts.pop())):
            for item in left.pop(name, []):
                found.append(item)
                texts.append(code[item[1] : item[2]])
    return sorted(found, key=lambda item: item[1])


def names_used(code: str) -> list[str]:
    """Return the identifiers in `code` that do not follow a dot."""
    return re.findall(r"(?<![\w.])[^\W\d]\w*", code)
