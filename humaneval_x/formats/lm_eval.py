"""lm-evaluation-harness: `samples_<task>_<date>.jsonl`, rows with `doc`, `resps`, `filtered_resps`, `target`.

`resps` is what the model wrote; `filtered_resps` has been cut and put together already, and counts only where `resps`
is missing. A file with several filters has each sample once for each: those of the first are read.
Source: EleutherAI/lm-evaluation-harness, lm_eval/evaluator.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from humaneval_x.formats.found import FoundSample, Glimpse
from humaneval_x.formats.texts import found_in, key_of, language_in, no_text, task_in

NAME = "lm-eval"
TITLE = "lm-evaluation-harness samples"
KEYS = ("resps", "filtered_resps")


def fits(look: Glimpse) -> bool:
    """Whether the rows have a document of the data set and a model's responses."""
    first = look.first or {}
    return isinstance(first.get("doc"), dict) and any(key in first for key in KEYS)


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the responses of each row. Raises SampleError."""
    chosen: object = None
    for number, row in enumerate(look.rows()):
        chosen = row.values.get("filter") if number == 0 else chosen
        if row.values.get("filter") != chosen:
            continue
        doc = row.values.get("doc")
        doc = doc if isinstance(doc, dict) else {}
        task, key = task_in(doc), key_of(row.values, KEYS)
        if key is None:
            raise no_text(row, task)
        for found in found_in(row, key, task=task, language=language_in(doc)):
            yield replace(found, extra={} if found.passed is None else {"expected": found.passed})
