"""The samples of several runs side by side: one chunk for each problem that any run won or lost.

The runs' own chunks come in one order, so that they are merged as they are read; nothing is kept in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from humaneval_x.json_types import JsonObject
from humaneval_x.records import Problem
from humaneval_x.reports.details import CellSamples, Details
from humaneval_x.reports.run import Run
from humaneval_x.results import read_rows
from humaneval_x.scores import Column

Cell = tuple[str, str]  # the column's key, the problem's number


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSides:
    """One problem in one column, as several runs have it: a chunk. None for a run without samples of it."""

    first: CellSamples  # of the runs that have samples
    problem: Problem | None
    runs: Sequence[CellSamples | None]

    @property
    def column(self) -> Column:
        """The column."""
        return self.first.column

    @property
    def number(self) -> str:
        """The problem, as the languages share it."""
        return self.first.number

    def to_json(self) -> JsonObject:
        """Return what the page reads."""
        return {
            "task_id": self.first.task_id,
            "language": self.first.language.NAME,
            "canonical": self.problem.canonical_solution if self.problem else None,
            "runs": [each and each.side() for each in self.runs],
        }


def sides(runs: Sequence[Run], changed: Collection[Cell]) -> Iterator[CellSides]:
    """Yield a chunk for each changed problem."""
    texts = runs[0].texts
    streams = [_of(place, run, changed) for place, run in enumerate(runs)]
    for _, group in groupby(heapq.merge(*streams, key=_key), key=_key):
        there = dict(group)
        first = next(iter(there.values()))
        own = [there.get(place) for place in range(len(runs))]
        yield CellSides(first=first, problem=texts.get(first.task_id), runs=own)


def _of(place: int, run: Run, changed: Collection[Cell]) -> Iterator[tuple[int, CellSamples]]:
    details = Details()
    for _ in details.keep(read_rows(run.folder)):
        pass
    for chunk in details.chunks(run):
        if (chunk.column.key, chunk.number) in changed:
            yield place, chunk


def _key(each: tuple[int, CellSamples]) -> tuple[str, str]:
    return each[1].task_id, each[1].origin
