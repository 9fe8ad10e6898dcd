"""EvalPlus's `*_eval_results.json`: an object whose `eval` lists each task's solutions with their verdicts.

`base_status` is the verdict on HumanEval's own tests, hence the one to compare with; `plus_status` stays in the row.
"""

from __future__ import annotations

from collections.abc import Iterator

from humaneval_x.formats.found import FoundSample, Glimpse, SourceRow
from humaneval_x.formats.texts import found_in, no_text

NAME = "evalplus-results"
TITLE = "EvalPlus results"


def fits(look: Glimpse) -> bool:
    """Whether a document lists solutions by task."""
    tasks = look.document.get("eval") if isinstance(look.document, dict) else None
    return isinstance(tasks, dict) and bool(tasks) and all(isinstance(each, list) for each in tasks.values())


def read(look: Glimpse) -> Iterator[FoundSample]:
    """Yield the samples of each task in their order. Raises SampleError."""
    for task, solutions in look.document["eval"].items():
        for number, values in enumerate(solutions):
            row = SourceRow(
                where=f"{look.path}: {task}, entry {number + 1}", values=values if isinstance(values, dict) else {}
            )
            if not isinstance(row.values.get("solution"), str):
                raise no_text(row, task)
            yield from found_in(row, "solution", task=task, holds="program")
