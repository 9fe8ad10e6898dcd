"""The problem sets at hand, for rows that come one by one: which set a task is of, and its text.

Reads no file of samples (`samples` does) and runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from humaneval_x.assembly import texts_of
from humaneval_x.errors import ProblemError, SampleError
from humaneval_x.problem_files import FRESH, OFFICIAL
from humaneval_x.problems import ProblemSet, load_present, set_of
from humaneval_x.records import Problem, Sample
from humaneval_x.samples import Numbering, sample_alone
from humaneval_x.settings import Errata
from humaneval_x.values import checked


class Library:
    """The sets that rows may name: the one given, or the official (where it is at hand) and the project's own."""

    @checked
    def __init__(self, problems: str | Path | None = None) -> None:
        self.sets = [load_present(problems)] if problems is not None else present_sets()
        self._texts = lru_cache(maxsize=8)(self._read_texts)

    def _read_texts(self, number: int, errata: Errata) -> Mapping[str, Problem]:
        return texts_of(self.sets[number], errata)

    @checked
    def samples(
        self, rows: Sequence[Mapping[str, Any]], errata: Errata = Errata.PUBLISHED, name: str = "samples"
    ) -> list[tuple[Sample, Problem]]:
        """Return each row as a checked sample with its problem. Raises SampleError naming the row and the fault."""
        numberings = [Numbering() for _ in self.sets]
        found = []
        for place, row in enumerate(rows):
            at = f"{name}[{place}]"
            number = self._set_for(str(row.get("task_id")), at)
            sample = sample_alone(dict(row), at, self.sets[number], numberings[number])
            found.append((sample, self._texts(number, errata)[sample.task_id]))
        return found

    def _set_for(self, task_id: str, at: str) -> int:
        for number, each in enumerate(self.sets):
            if task_id in each.problems:
                return number
        try:
            wanted = set_of([task_id])
        except SampleError as fault:
            raise SampleError(f"{at}: {fault}") from fault
        for number, each in enumerate(self.sets):
            if each.name == wanted:
                return number  # reading the row will say what is near
        held = ", ".join(each.name for each in self.sets)
        raise SampleError(f"{at} ({task_id}): the set '{wanted}' is not at hand here; expected a task of: {held}")


def present_sets() -> list[ProblemSet]:
    """Return the official set, where this machine has it, and the project's own."""
    try:
        return [load_present(OFFICIAL), load_present(FRESH)]
    except ProblemError:
        return [load_present(FRESH)]
