"""OpenCompass's predictions: an object with whole-number keys, each with `prediction`.

The task is in `gold`: an id, or the problem's declaration (HumanEval-X's configuration); else it is the key, in the
order of the data set. (What its execution service takes is JSON lines of CodeGeeX's kind.)
Source: open-compass/opencompass, opencompass/openicl/icl_inferencer, configs/datasets/humanevalx.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow, whole_numbers
from humaneval_x.formats.tasks import languages_in, task_id_of
from humaneval_x.formats.texts import found_in, no_text

NAME = "opencompass"
TITLE = "OpenCompass predictions"
KEY = "prediction"


def fits(look: Glimpse) -> bool:
    """Whether a document's entries are numbered and hold predictions."""
    if not whole_numbers(look.document):
        return False
    first = next(iter(look.document.values()))
    return isinstance(first, dict) and KEY in first


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the predictions in the order of their numbers. Raises SampleError."""
    said = languages_in(look.path.name)
    language = next(iter(said)) if len(said) == 1 else None
    for number, values in sorted((int(key), values) for key, values in look.document.items()):
        row = SourceRow(where=f"{look.path}: prediction {number}", values=values if isinstance(values, dict) else {})
        gold = row.values.get("gold")
        task = gold if task_id_of(gold, language) else None
        found = list(found_in(row, KEY, task=task, language=language))
        if not found:
            raise no_text(row, task)
        for each in found:
            declaration = gold if isinstance(gold, str) else ""
            yield replace(each, position=number, tasks=len(look.document), declaration=declaration)
