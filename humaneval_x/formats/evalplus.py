"""EvalPlus: JSON lines with `task_id` and `solution`, a whole program. Source: evalplus/evalplus, docs/cli.md."""

from __future__ import annotations

from collections.abc import Iterator

from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow
from humaneval_x.formats.texts import found_in, no_text, task_in

NAME = "evalplus"
TITLE = "EvalPlus JSONL"
KEY = "solution"


def fits(look: Glimpse) -> bool:
    """Whether the rows hold whole solutions under EvalPlus's keys."""
    first = look.first or {}
    return "task_id" in first and isinstance(first.get(KEY), str) and not {"completion", "generation"} & {*first}


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield one sample for each row. Raises SampleError."""
    for row in look.rows():
        yield from found(row)


def found(row: SourceRow) -> Iterator[FoundSample]:
    """Yield the sample of one row. Raises SampleError."""
    task = task_in(row.values)
    if not isinstance(row.values.get(KEY), str):
        raise no_text(row, task)
    yield from found_in(row, KEY, task=task, holds="program")
