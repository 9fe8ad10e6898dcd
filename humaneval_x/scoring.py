"""From verdicts to scores: counts per task, pass@k per language and per pair, and what is missing.

Data that is not complete is not scored unless asked for, and then it is marked: a pass@k over the tasks
that happen to be there is another number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from humaneval_x.languages import BY_PREFIX, LANGUAGES
from humaneval_x.metrics import estimate, pass_at_k, stratified
from humaneval_x.results import Row

NAMED = 5  # how many missing tasks a message names before it counts the rest


@dataclass
class Column:
    """One column of the table: a language (generation) or a source-target pair (translation)."""

    n: Counter[str] = field(default_factory=Counter)
    c: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)


def columns(rows: Iterable[Row]) -> dict[tuple[str, str], Column]:
    """Count verdict rows by (source language or '', target language), in the registry's order."""
    found: dict[tuple[str, str], Column] = defaultdict(Column)
    for row in rows:
        target = BY_PREFIX[row.task_id.partition("/")[0]].NAME
        column = found[row.source_language or "", target]
        column.n[row.task_id] += 1
        column.c[row.task_id] += row.verdict.passed
        column.outcomes[row.verdict.status.value] += 1
    order = ["", *LANGUAGES]
    return dict(sorted(found.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1]))))


def score(
    rows: Iterable[Row],
    tasks_of: Mapping[str, Sequence[str]],
    k: Sequence[int],
    *,
    partial: bool = False,
) -> dict[str, Any]:
    """Return `{"generation": {...}, "translation": {...}}`, whichever occurs, with a key per column and `overall`.

    `tasks_of` names every task of a language, so that absent ones are seen. With `partial`, a pass@k whose
    tasks are not all there is computed over those that have n >= k, and marked.
    """
    result: dict[str, Any] = {}
    by_task: dict[str, dict[str, Column]] = defaultdict(dict)
    for (source, target), column in columns(rows).items():
        name = f"{source}-{target}" if source else target
        by_task["translation" if source else "generation"][name] = column
    for task, named in by_task.items():
        values: dict[int, list[list[float]]] = defaultdict(list)
        result[task] = {}
        for name, column in named.items():
            expected = tasks_of[name.rpartition("-")[2]]
            result[task][name] = _entry(column, expected, k, partial, values)
        result[task]["overall"] = _overall(result[task], values, k)
    return result


def _entry(
    column: Column, expected: Sequence[str], k: Sequence[int], partial: bool, values: dict[int, list[list[float]]]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "n_tasks": len(column.n),
        "n_samples": column.n.total(),
        "samples_per_task": [min(column.n.values()), max(column.n.values())],
        "outcomes": dict(sorted(column.outcomes.items())),
        "missing": {},
    }
    for size in k:
        short = [task for task in expected if column.n[task] < size]
        # In the order of the problem files: the interval must not depend on which verdict came first.
        kept = [pass_at_k(column.n[task], column.c[task], size) for task in expected if column.n[task] >= size]
        if short:
            entry["missing"][f"pass@{size}"] = _missing(column, short, size, len(expected))
        if not kept or (short and not partial):
            continue
        found = estimate(kept)
        entry[f"pass@{size}"] = {
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "n_tasks": found.n_tasks,
            "partial": bool(short),
        }
        values[size].append(kept)
    return entry


def _missing(column: Column, short: Sequence[str], size: int, total: int) -> dict[str, Any]:
    absent = [task for task in short if not column.n[task]]
    return {
        "needs": f"{size} samples for each of {total} tasks",
        "tasks": list(short),
        "without_samples": len(absent),
        "all": len(short) == total and not absent,
    }


def _overall(named: Mapping[str, Any], values: Mapping[int, list[list[float]]], k: Sequence[int]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "n_tasks": sum(each["n_tasks"] for each in named.values()),
        "n_samples": sum(each["n_samples"] for each in named.values()),
        "columns": len(named),
        "missing": {},
    }
    for size in k:
        without = [name for name, each in named.items() if f"pass@{size}" not in each]
        if without:
            entry["missing"][f"pass@{size}"] = {"columns": without}
            continue
        found = stratified(values[size])
        entry[f"pass@{size}"] = {
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "n_tasks": found.n_tasks,
            "partial": any(each[f"pass@{size}"]["partial"] for each in named.values()),
        }
    return entry


def describe_missing(name: str, size: str, missing: Mapping[str, Any]) -> str:
    """One line for people: which tasks keep a pass@k from being computed."""
    tasks = missing["tasks"]
    if missing["all"]:
        return f"{name} {size}: needs {missing['needs']}; all have fewer"
    rest = f" and {len(tasks) - NAMED} more" if len(tasks) > NAMED else ""
    return (
        f"{name} {size}: needs {missing['needs']}; {len(tasks)} have fewer "
        f"({missing['without_samples']} have none): {', '.join(tasks[:NAMED])}{rest}"
    )
