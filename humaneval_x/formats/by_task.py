"""A map from tasks to what a model wrote: `{"HumanEval/31": "code"}`, or a list of several samples.

One JSON object, or one on each line. A value may be an object too, with the keys that people use (`texts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow
from humaneval_x.formats.tasks import task_id_of
from humaneval_x.formats.texts import found_in, key_of, no_text, texts_in
from humaneval_x.json_types import JsonObject

NAME = "by-task"
TITLE = "map of tasks"
HAS_ONE = "cpp"  # any language: only the form of an id counts
HERE = "completion"  # what a value without keys of its own is


def fits(look: Glimpse) -> bool:
    """Whether an object's keys are tasks and the first value holds text."""
    first = look.first if look.lines else look.document
    if not isinstance(first, dict) or not first or not all(task_id_of(key, HAS_ONE) for key in first):
        return False
    value = next(iter(first.values()))
    return texts_in(value) is not None


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the samples of each task in the order of the file. Raises SampleError."""
    rows = look.rows() if look.lines else iter([SourceRow(where=str(look.path), values=look.document)])
    for row in rows:
        for task, value in row.values.items():
            inner = SourceRow(where=row.where, values=entry(value))
            key = key_of(inner.values)
            if key is None:
                raise no_text(inner, task)
            yield from found_in(inner, key, task=task)


def entry(value: Any) -> JsonObject:
    """Return a task's value as a row."""
    return value if isinstance(value, dict) and key_of(value) else {HERE: value}
