"""The samples of several runs side by side: one chunk for each problem that any run won or lost.

The runs' own chunks come in one order, so that they are merged as they are read; nothing is kept in memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any

from humaneval_x.records import Problem
from humaneval_x.reports.details import Chunk, Details
from humaneval_x.reports.run import Run
from humaneval_x.results import read_rows

Cell = tuple[str, str]  # the column's key, the problem's number


def sides(runs: Sequence[Run], changed: Collection[Cell]) -> Iterator[Chunk]:
    """Yield a chunk for each changed problem: {task_id, language, canonical, runs: each run's own chunk, or None}."""
    texts = runs[0].texts
    streams = [_of(place, run, changed) for place, run in enumerate(runs)]
    for _, group in groupby(heapq.merge(*streams, key=_key), key=_key):
        yield _together(list(group), len(runs), texts)


def _of(place: int, run: Run, changed: Collection[Cell]) -> Iterator[tuple[int, Chunk]]:
    details = Details()
    for _ in details.keep(read_rows(run.folder)):
        pass
    for chunk in details.chunks(run):
        if (chunk[0].key, chunk[1]) in changed:
            yield place, chunk


def _key(each: tuple[int, Chunk]) -> tuple[str, str]:
    chunk = each[1][2]
    return chunk["task_id"], chunk["source"]


def _together(group: Sequence[tuple[int, Chunk]], runs: int, texts: Any) -> Chunk:
    column, number, first = group[0][1]
    own: list[dict[str, Any] | None] = [None] * runs
    for place, (_, _, chunk) in group:
        own[place] = {key: chunk[key] for key in ("strings", "samples")}
    problem: Problem | None = texts.get(first["task_id"])
    canonical = problem.canonical_solution if problem else None
    whole = {"task_id": first["task_id"], "language": first["language"], "canonical": canonical, "runs": own}
    return column, number, whole
