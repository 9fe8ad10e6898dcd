"""Rows of JSON with the keys that people use, HumanEvalPack's among them: see `texts.py` for the list.

A row of a data set becomes a sample only by what a model added to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow
from humaneval_x.formats.texts import found_in, key_of, no_text, task_in

NAME = "rows"
TITLE = "rows"


def fits(look: Glimpse) -> bool:
    """Whether the first row names a task and holds text under a known key."""
    return look.first is not None and task_in(look.first) is not None and key_of(look.first) is not None


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the samples of each row. Raises SampleError."""
    for row in look.rows():
        yield from found(row)


def found(row: SourceRow) -> Iterator[FoundSample]:
    """Yield the samples of one row. Raises SampleError."""
    task, key = task_in(row.values), key_of(row.values)
    if key is None or task is None:
        raise no_text(row, task)
    yield from found_in(row, key, task=task)
