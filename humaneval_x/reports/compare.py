"""Several runs beside one another: differences from the first with a paired bootstrap, problems won and lost.

Only runs that differ in nothing but their samples are compared: same problems, texts, tests, rules and limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from humaneval_x.errors import OptionError, ResultsError
from humaneval_x.languages import LANGUAGES
from humaneval_x.metrics import paired
from humaneval_x.problems import OFFICIAL
from humaneval_x.reports.run import Run, values
from humaneval_x.reports.tables import Cell, Table, references, row, scores
from humaneval_x.reports.terminal import sizes_of, title_of

SHOWN = 40  # how many problems a table names before it counts the rest


def compare(runs: Sequence[Run], reference: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a comparison shows, as JSON values: every run against the first. Raises ResultsError, OptionError."""
    if len(runs) < 2:
        raise OptionError("a comparison needs at least two runs")
    first = runs[0]
    for run in runs:
        for key in sorted({*first.settings, *run.settings} - {"samples"}):
            if first.settings.get(key) != run.settings.get(key):
                what = (
                    f"{run.folder}: '{key}' is {run.settings.get(key)!r}, in {first.folder} {first.settings.get(key)!r}"
                )
                raise ResultsError(f"{what}; compare runs of the same problems and settings")
        if run.problems is None:
            raise ResultsError(f"{run.folder}: {run.absent[0]}")
    names = distinct([run.name for run in runs])
    return {
        "kind": "comparison",
        "names": names,
        "official": first.scores["problems"]["name"] == OFFICIAL,
        "problems": first.scores["problems"],
        "errata": first.errata,
        "scores": {name: run.scores["scores"][run.errata] for name, run in zip(names, runs, strict=True)},
        "samples": {name: run.scores["samples"] for name, run in zip(names, runs, strict=True)},
        "differences": [
            {"old": names[0], "new": name, **each}
            for name, run in zip(names[1:], runs[1:], strict=True)
            for each in differences(first, run)
        ],
        "reference": reference or {},
    }


def distinct(names: Sequence[str]) -> list[str]:
    """Return the names, numbered where two are the same."""
    return [f"{name} ({index + 1})" if names.count(name) > 1 else name for index, name in enumerate(names)]


def differences(old: Run, new: Run) -> list[dict[str, Any]]:
    """Return the difference of each pass@k that both runs have, by column and overall, with problems won and lost."""
    found = []
    for task, named in new.scores["scores"][new.errata].items():
        before = old.scores["scores"][old.errata].get(task, {})
        for column, entry in named.items():
            names = [column] if column != "overall" else [name for name in named if name != "overall"]
            if column not in before or not all(name in before for name in names):
                continue
            if column == "overall" and set(named) != set(before):
                continue
            won, lost = changed(old, new, names)
            for size in sizes_of({column: entry}):
                if size not in before[column]:
                    continue
                k = int(size.partition("@")[2])
                both = [_paired_values(old, new, name, k) for name in names]
                found.append(
                    {"task": task, "column": column, "size": size, **asdict(paired(both)), "won": won, "lost": lost}
                )
    return found


def _paired_values(old: Run, new: Run, name: str, k: int) -> tuple[list[float], list[float]]:
    shared = [t for t in new.expected(name) if min(old.column(name).n[t], new.column(name).n[t]) >= k]
    return values(old.column(name), shared, k), values(new.column(name), shared, k)


def changed(old: Run, new: Run, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the problems of which a larger, and of which a smaller, share of the samples passes than before."""
    won: list[str] = []
    lost: list[str] = []
    for name in names:
        before, after = old.column(name), new.column(name)
        source = name.rpartition("-")[0]
        for task_id in new.expected(name):
            if before.n[task_id] and after.n[task_id]:
                # c / n as whole numbers: 1/3 and 2/6 are the same share
                one, two = before.c[task_id] * after.n[task_id], after.c[task_id] * before.n[task_id]
                label = f"{task_id} from {title_of(source)}" if source else task_id
                (won if two > one else lost if two < one else []).append(label)
    return won, lost


def worse(view: Mapping[str, Any], level: float) -> list[dict[str, Any]]:
    """Return the overall pass@1 differences that fell with p < level. Raises OptionError where there is none at all."""
    overall = [each for each in view["differences"] if each["column"] == "overall" and each["size"] == "pass@1"]
    if not overall:
        raise OptionError(
            "--fail_if_worse needs an overall pass@1 in both runs; judge both with --k 1 and all languages"
        )
    return [each for each in overall if each["value"] < 0 and each["p"] < level]


def comparison_tables(view: Mapping[str, Any]) -> dict[str, list[Table]]:
    """Return every table of a comparison, by section."""
    found: dict[str, list[Table]] = {"differences": [], "scores": [], "problems": [], "reference": []}
    for name in view["names"][1:]:
        for task in dict.fromkeys(each["task"] for each in view["differences"]):
            rows = [each for each in view["differences"] if (each["new"], each["task"]) == (name, task)]
            found["differences"].append(_differences(view["names"][0], name, task, rows))
            found["problems"] += [_problems(name, task, rows)]
    for name, tasks in view["scores"].items():
        found["scores"] += [scores(named, f"{name}, {task}") for task, named in tasks.items()]
    for task, models in view["reference"].items():
        named = {name: tasks[task] for name, tasks in view["scores"].items() if task in tasks}
        if named:
            found["reference"] += references(named, models, task)
    return found


def _differences(old: str, new: str, task: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    sizes = sizes_of({"": {each["size"]: None for each in rows}})
    lines = []
    for column in dict.fromkeys(each["column"] for each in rows):
        by_size = {each["size"]: each for each in rows if each["column"] == column}
        one = next(iter(by_size.values()))
        cells = [Cell(text=told(by_size[size]) if size in by_size else "-") for size in sizes]
        lines.append([*row(title_of(column), str(len(one["won"])), str(len(one["lost"]))), *cells])
    return Table(
        title=f"{task}: {new} minus {old}, pass@k in percentage points",
        head=("", "won", "lost", *sizes),
        rows=lines,
        notes=(
            "[95 % interval], p: paired bootstrap over problems, two-sided; not corrected for the number of rows",
            "won, lost: problems of which a larger or smaller share of the samples passes",
        ),
    )


def told(each: Mapping[str, Any]) -> str:
    """Return a difference as text."""
    value, low, high = (round(100 * each[key], 2) + 0.0 for key in ("value", "low", "high"))  # no -0
    return f"{value:+.2f} [{low:+.1f}, {high:+.1f}] p={each['p']:.4f}"


def _problems(name: str, task: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    one = {each["column"]: each for each in rows if each["column"] != "overall"}
    lines = [row(title_of(column), _some(each["won"]), _some(each["lost"])) for column, each in one.items()]
    return Table(title=f"{task}: problems that {name} won and lost", head=("", "won", "lost"), rows=lines)


def _some(labels: Sequence[str]) -> str:
    numbers = [label.partition("/")[2].partition(" ")[0] for label in labels]
    rest = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    return ", ".join(numbers[:SHOWN]) + rest


def series(view: Mapping[str, Any], task: str, size: str) -> dict[str, dict[str, float]]:
    """Return {run or published model: {language's title: pass@k}}; for translation the mean over sources by target."""
    named = {name: tasks[task] for name, tasks in view["scores"].items() if task in tasks}
    for model in view["reference"].get(task, ()):
        named[f"{model['model']} (published)"] = model["columns"]
    found = {name: by_language(columns, size) for name, columns in named.items()}
    return {name: values_ for name, values_ in found.items() if values_}


def spread(view: Mapping[str, Any], task: str, size: str) -> dict[str, list[float]]:
    """Return {run or published model: its values over the languages}, also where it is not known which is which."""
    found = {name: list(values_.values()) for name, values_ in series(view, task, size).items()}
    for model in view["reference"].get(task, ()):
        if size in model["unassigned"]:
            found[f"{model['model']} (published)"] = model["unassigned"][size]
    return found


def sizes_in(view: Mapping[str, Any], task: str) -> list[str]:
    """Return the keys `pass@k` that any of the runs has for a task, by k."""
    runs = [tasks.get(task, {}) for tasks in view["scores"].values()]
    return sizes_of({f"{number} {name}": entry for number, named in enumerate(runs) for name, entry in named.items()})


def by_language(columns: Mapping[str, Any], size: str) -> dict[str, float]:
    """Return {language's title: pass@k}, a translation's by target, as the mean over the sources there are."""
    found = {}
    for language, module in LANGUAGES.items():
        there = [
            entry[size]["value"]
            for name, entry in columns.items()
            if name.rpartition("-")[2] == language and size in entry
        ]
        if there:
            found[module.TITLE] = sum(there) / len(there)
    return found
