"""From verdicts to scores: counts per task, pass@k per language and per pair, and what is missing.

Data that is not complete is not scored unless asked for, and then it is marked: a pass@k over the tasks
that happen to be there is another number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from humaneval_x.languages import KNOWN, language_of
from humaneval_x.metrics import Estimate, chance, estimate, stratified
from humaneval_x.records import Status
from humaneval_x.scores import Column, Missing, Overall, PassAtK, Score, Scores, TaskScores
from humaneval_x.tallies import Tally
from humaneval_x.tasks import TASKS, Task, name_of, source_of
from humaneval_x.verdict_rows import Row


@dataclass(frozen=True, slots=True)
class Counts:
    """What one column's verdicts count to: samples and passed ones by task_id, samples by status, by what was read."""

    n: Counter[str] = field(default_factory=Counter)
    c: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Status] = field(default_factory=Counter)
    read_as: Counter[str] = field(default_factory=Counter)


def tallied(rows: Iterable[Row]) -> Tally:
    """Count verdict rows by task."""
    tally = Tally()
    for row in rows:
        tally.add(row.group, row.verdict.status, row.read_as)
    return tally


def columns(tally: Tally) -> dict[Column, Counts]:
    """Return what is counted by column, in the registry's order."""
    found: dict[tuple[str, str], Counts] = defaultdict(Counts)
    for (origin, task_id), each in tally.groups.items():
        counts = found[origin, language_of(task_id).NAME]
        counts.n[task_id] = each.statuses.total()
        counts.c[task_id] = each.statuses[Status.PASSED]
        counts.outcomes.update(each.statuses)
        counts.read_as.update(each.read_as)
    names = list(KNOWN)
    origins = [origin for task in Task for origin in (names if TASKS[task].pairs else [name_of(task)])]
    order = [(origin, target) for origin in origins for target in names]
    return {Column.of(*place): found[place] for place in order if place in found}


Cells = Callable[[str, str], bool]  # of a source language (or "") and a target's task_id: whether it counts
ANY: Cells = lambda source, task_id: True  # noqa: E731


def score(
    rows: Iterable[Row],
    tasks_of: Mapping[str, Sequence[str]],
    k: Sequence[int],
    *,
    partial: bool = False,
    cells: Cells = ANY,
) -> Scores:
    """Return the scores of verdict rows, as `scores_of`."""
    return scores_of(tallied(rows), tasks_of, k, partial=partial, cells=cells)


def scores_of(
    tally: Tally,
    tasks_of: Mapping[str, Sequence[str]],
    k: Sequence[int],
    *,
    partial: bool = False,
    cells: Cells = ANY,
) -> Scores:
    """Return the scores of each task that occurs, over those `cells` that count.

    `tasks_of` names every task of a language, so that absent ones are seen. With `partial`, a pass@k whose
    tasks are not all there is computed over those that have n >= k, and marked.
    """
    found: dict[Task, TaskScores] = {}
    counted = columns(tally.only(lambda group: cells(source_of(group[0]) or "", group[1])))
    for task in dict.fromkeys(column.task for column in counted):
        own = {column: counts for column, counts in counted.items() if column.task is task}
        expected = {column: [each for each in tasks_of[column.target] if cells(column.source, each)] for column in own}
        values = {
            column: {size: per_task(counts, expected[column], size) for size in k} for column, counts in own.items()
        }
        scored = {
            column: _score(column, counts, expected[column], values[column], partial) for column, counts in own.items()
        }
        found[task] = TaskScores(columns=scored, overall=_overall(scored, values, k))
    return found


def per_task(counts: Counts, expected: Sequence[str], k: int) -> list[float]:
    """Return each task's pass@k, of those with k samples, in the order of the problem files.

    In that order, since the interval must not depend on which verdict came first.
    """
    return [chance(counts.n[task], counts.c[task], k) for task in expected if counts.n[task] >= k]


def _score(
    column: Column, counts: Counts, expected: Sequence[str], values: Mapping[int, Sequence[float]], partial: bool
) -> Score:
    short = {k: [task for task in expected if counts.n[task] < k] for k in values}
    return Score(
        column=column,
        n_tasks=len(counts.n),
        n_samples=counts.n.total(),
        samples_per_task=(min(counts.n.values()), max(counts.n.values())),
        outcomes=dict(sorted(counts.outcomes.items())),
        read_as=dict(sorted(counts.read_as.items())),
        pass_at={
            k: _pass_at(estimate(kept), partial=bool(short[k]))
            for k, kept in values.items()
            if kept and (partial or not short[k])
        },
        missing={k: _missing(counts, tasks, k, len(expected)) for k, tasks in short.items() if tasks},
    )


def _missing(counts: Counts, short: Sequence[str], k: int, total: int) -> Missing:
    absent = sum(not counts.n[task] for task in short)
    needs = f"{k} samples for each of {total} tasks"
    return Missing(needs=needs, tasks=tuple(short), without_samples=absent, all=len(short) == total and not absent)


def _overall(
    scored: Mapping[Column, Score], values: Mapping[Column, Mapping[int, Sequence[float]]], k: Sequence[int]
) -> Overall:
    without = {size: tuple(column.name for column, each in scored.items() if size not in each.pass_at) for size in k}
    return Overall(
        n_tasks=sum(each.n_tasks for each in scored.values()),
        n_samples=sum(each.n_samples for each in scored.values()),
        columns=len(scored),
        pass_at={
            size: _pass_at(
                stratified([each[size] for each in values.values()]),
                partial=any(each.pass_at[size].partial for each in scored.values()),
            )
            for size in k
            if not without[size]
        },
        missing={size: names for size, names in without.items() if names},
    )


def _pass_at(found: Estimate, *, partial: bool) -> PassAtK:
    return PassAtK(value=found.value, low=found.low, high=found.high, n_tasks=found.n_tasks, partial=partial)
