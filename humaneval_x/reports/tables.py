"""The tables of a report: made once from its records, shown by the terminal, Markdown and the page alike."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from humaneval_x.errors import listed
from humaneval_x.languages import KNOWN
from humaneval_x.records import Status
from humaneval_x.reports.published import PublishedModel
from humaneval_x.reports.run import RunView, names
from humaneval_x.reports.terminal import (
    CONSISTENT,
    METRICS,
    NOT_JUDGED,
    PARTS,
    WARNINGS,
    cell_of,
    likeness_of,
    mean_of,
    metrics_of,
    read_as_of,
    title_of,
)
from humaneval_x.run_report import Likeness
from humaneval_x.scores import OVERALL, Column, Overall, Score, TaskScores, size_of
from humaneval_x.settings import Task

SHOWN = 40  # how many problems a table names before it counts the rest
Values = Mapping[Column, Mapping[int, float]]  # the value of each column's pass@k, by k


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell. `shade` (0 to 1) colours it where colours are to be had."""

    text: str
    shade: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: the first column names the row, the others hold figures."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def row(*texts: str) -> list[Cell]:
    """Return plain cells."""
    return [Cell(text=text) for text in texts]


def run_tables(view: RunView) -> dict[str, list[Table]]:
    """Return every table of one run's report, by section."""
    run, report = view.run, view.run.report
    found: dict[str, list[Table]] = {
        "scores": [],
        "matrices": [],
        "similarity": [
            likeness(named, report.similarity[task])
            for task, named in report.tasks.items()
            if task in report.similarity
        ]
        + [summaries(task, found) for task, found in report.similarity.items() if task not in report.tasks],
        "reference": [],
        "outcomes": [],
        "unsolved": [unsolved(view, task) for task in report.tasks],
        "about": [about(view)],
    }
    for errata, tasks in report.scores.items():
        for task, named in tasks.items():
            title = f"{task.value}, {errata.value} texts" if len(report.scores) > 1 else task.value
            table, own = scores(named, title), report.tasks.get(task)
            found["scores"].append(table if own is None or own is named else marked(table, scores(own, title)))
            found["matrices"] += matrices(values_of(named), title)
    found["scores"] += [scores(named, f"{task.value}, {CONSISTENT}") for task, named in report.consistent.items()]
    for task, named in report.tasks.items():
        found["outcomes"].append(outcomes(named, f"{task.value}: outcomes"))
        found["reference"] += references({run.name: named}, view.reference.get(task, ()), task)
    return found


def values_of(scores: TaskScores) -> Values:
    """Return the value of each column's pass@k."""
    return {each.column: {k: found.value for k, found in each.pass_at.items()} for each in scores}


def published_values(model: PublishedModel) -> Values:
    """Return the value of each column's published pass@k."""
    return {column: {k: each.value for k, each in sizes.items()} for column, sizes in model.columns.items()}


def scores(named: TaskScores, title: str) -> Table:
    """Return pass@k with intervals, a row per column and overall."""
    rows, notes = [], []
    for each in named.rows():
        cells = [cell_of(each, k) for k in named.ks]
        rows.append(row(each.title, *cells, str(each.n_tasks), str(each.n_samples)))
        notes += each.notes()
    if any(found.partial for each in named.rows() for found in each.pass_at.values()):
        notes.append("* partial: over the tasks that have enough samples")
    head = ("", *map(size_of, named.ks), "tasks", "samples")
    return Table(title=f"{title}: pass@k in %", head=head, rows=rows, notes=notes)


def marked(table: Table, own: Table) -> Table:
    """Return a table under other texts with a mark at each figure that is not the one of the run's own texts."""
    before = {cells[0].text: dict(zip(own.head, cells, strict=True)) for cells in own.rows}
    rows = [
        [
            Cell(text=f"{cell.text} ≠") if cell != before.get(cells[0].text, {}).get(head, cell) else cell
            for head, cell in zip(table.head, cells, strict=True)
        ]
        for cells in table.rows
    ]
    return replace(table, rows=rows, notes=(*table.notes, "≠ another figure than under the texts that judged"))


def unsolved(view: RunView, task: Task) -> Table:
    """Return the problems that have samples, none of which passed: of each column, and of all columns that have any."""
    grid, known = view.grids[task], names(view.run.texts)
    none = {column: [bool(cell) and cell[1] == 0 for cell in cells] for column, cells in grid.columns.items()}  # type: ignore[index]
    asked = [any(cells[at] for cells in grid.columns.values()) for at in range(len(grid.numbers))]
    everywhere = [
        asked[at] and all(none[column][at] for column, cells in grid.columns.items() if cells[at])
        for at in range(len(grid.numbers))
    ]

    def line(title: str, chosen: Sequence[bool]) -> list[Cell]:
        told = [
            f"{number} {known.get(number, '')}".strip()
            for number, here in zip(grid.numbers, chosen, strict=True)
            if here
        ]
        return row(title, str(len(told)), listed(told, SHOWN))

    lines = [line(column.title, chosen) for column, chosen in none.items()]
    if len(lines) > 1:
        lines.append(line("in every one", everywhere))
    return Table(title=f"{task.value}: problems that no sample solves", head=("", "how many", "which"), rows=lines)


def likeness(named: TaskScores, found: Mapping[str, Likeness]) -> Table:
    """Return the text metrics beside pass@1: the mean of each over the samples, and its correlation with passing."""
    shown = {**METRICS, **PARTS}
    score_of: dict[str, Score | Overall] = {**{each.column.name: each for each in named}, OVERALL: named.overall}
    titles = {name: each.title for name, each in score_of.items()}
    rows = [
        row(titles[name], _own(score_of[name], 1), *[likeness_of(each, one) for one in shown], str(each.n_samples))
        for name, each in found.items()
    ]
    task = next(iter(named)).column.task
    return Table(
        title=f"{task.value}: likeness to the problems' solutions, no measure of correctness",
        head=("", f"{size_of(1)} in %", *shown.values(), "samples"),
        rows=rows,
        notes=(*WARNINGS, f"CodeBLEU is the mean of its four parts: {', '.join(PARTS.values())}."),
    )


def summaries(task: Task, found: Mapping[str, Likeness]) -> Table:
    """Return the text metrics of descriptions, which no test judged: the mean of each over the samples."""
    shown = metrics_of(found)
    rows = [
        row(title_of(task, name), *[mean_of(each, one) for one in shown], str(each.n_samples))
        for name, each in found.items()
    ]
    title = f"{task.value}: likeness to the problems' docstrings, no measure of correctness"
    return Table(title=title, head=("", *shown.values(), "samples"), rows=rows, notes=(NOT_JUDGED, *WARNINGS[1:]))


def references(runs: Mapping[str, TaskScores], models: Sequence[PublishedModel], task: Task) -> list[Table]:
    """Return, for each k, the runs' pass@k above the published ones; translation by target is left to `matrices`."""
    if not models:
        return []
    found: list[Table] = []
    judged = {column for named in runs.values() for column in named.columns}
    present = {column for model in models for column in model.columns if column in judged and not column.source}
    languages = [Column(task=task, target=name) for name in KNOWN if Column(task=task, target=name) in present]
    for k in (1, 10, 100):
        rows, notes = [], []
        for name, named in runs.items():
            entries = [*(named.columns.get(column) for column in languages), named.overall]
            rows.append(row(name, *[_own(entry, k) for entry in entries]))
        for model in models:
            figures = [*(model.columns.get(column, {}) for column in languages), model.overall]
            rows.append(row(f"published: {model.model}", *[each[k].percent if k in each else "-" for each in figures]))
            if k in model.unassigned:
                loose = " / ".join(f"{100 * value:.2f}" for value in model.unassigned[k])
                notes.append(f"{model.model}: the languages' values, not known which is which: ~{loose}")
        if not found:  # once, not below each k
            notes += list(dict.fromkeys(note for model in models for note in model.notes))
        title = f"{task.value}: {size_of(k)} in %, beside published figures"
        head = ("", *[column.title for column in languages], OVERALL)
        found.append(Table(title=title, head=head, rows=rows, notes=notes))
    for model in models:
        found += matrices(published_values(model), f"published: {model.model}")
    return found


def _own(entry: Score | Overall | None, k: int) -> str:
    return "-" if entry is None or k not in entry.pass_at else f"{100 * entry.pass_at[k].value:.2f}"


def matrices(values: Values, title: str) -> list[Table]:
    """Return a source x target table for each k, with row and column means, shaded by value; none without pairs."""
    pairs = {(column.source, column.target): sizes for column, sizes in values.items() if column.source}
    names = [name for name in KNOWN if any(name in pair for pair in pairs)]
    ks = sorted({k for sizes in pairs.values() for k in sizes})
    return [_matrix({pair: sizes[k] for pair, sizes in pairs.items() if k in sizes}, names, k, title) for k in ks]


def _matrix(value: Mapping[tuple[str, str], float], names: Sequence[str], k: int, title: str) -> Table:
    titles = [KNOWN[name].TITLE for name in names]
    rows = []
    for source, name in zip(names, titles, strict=True):
        line = [value.get((source, target)) for target in names]
        rows.append([Cell(text=name), *map(_percent, line), _mean(line)])
    means = [[value.get((source, target)) for source in names] for target in names]
    rows.append([Cell(text="mean"), *map(_mean, means), _mean(list(value.values()))])
    whole = len(value) == len(names) * (len(names) - 1)
    return Table(
        title=f"{title}: {size_of(k)} in %, from row to column",
        head=("from \\ to", *titles, "mean"),
        rows=rows,
        notes=() if whole else ("means are over the pairs that are there",),
    )


def _percent(value: float | None) -> Cell:
    return Cell(text="") if value is None else Cell(text=f"{100 * value:.2f}", shade=value)


def _mean(values: Iterable[float | None]) -> Cell:
    there = [value for value in values if value is not None]
    return _percent(sum(there) / len(there) if there else None)


def outcomes(named: TaskScores, title: str) -> Table:
    """Return how many samples came to which end, a row per column; ends that nothing came to are named below."""
    present = [status for status in Status if any(status in each.outcomes for each in named)]
    rows = []
    for each in named:
        cells = [str(each.outcomes.get(status, 0)) for status in present]
        rows.append(row(each.title, *cells, str(each.n_samples)))
    absent = [plain(status) for status in Status if status not in present]
    notes = [f"none: {', '.join(absent)}"] if absent else []
    return Table(title=title, head=("", *map(plain, present), "samples"), rows=rows, notes=notes)


def plain(status: Status) -> str:
    """Return a status for people."""
    return status.value.replace("_", " ")


def about(view: RunView) -> Table:
    """Return how the run was made."""
    report, counts = view.run.report, view.run.counts
    settings, limits = report.settings.to_json(), ("compile_limits", "run_limits")
    resumed = sum(each.resumed for each in report.programs.values())
    rows = [
        ("problem set", f"{report.problems.name}, SHA-256 {report.problems.digest}"),
        *[("left out of it", f"{task}: {why}") for task, why in report.problems.left_out.items()],
        *[("its own tests do not compile", f"{task}: {why}") for task, why in report.problems.not_compiling.items()],
        *[("samples", f"{each.file}, {each.bytes} bytes, SHA-256 {each.sha256}") for each in report.samples],
        *[(key.replace("_", " "), str(value)) for key, value in settings.items() if key not in limits],
        *[(key.replace("_", " "), _named(settings[key])) for key in limits],
        ("sandbox", f"{report.sandbox.description}, {report.sandbox.workers} workers"),
        *[(f"toolchain: {KNOWN[name].TITLE}", version) for name, version in report.toolchains.items()],
        ("programs", f"{counts.executed} executed, {counts.shared} samples shared the verdict of an identical one"),
        ("CPU time of the programs", f"{counts.cpu_s:.1f} s"),
        ("wall time of all calls", f"{report.wall_s:.1f} s; {resumed} verdicts were there before the last one"),
        ("read as", read_as_of(report) or "not known"),
        ("jails replaced", str(report.harness.jails_replaced)),
        *[(f"{task.value}: descriptions", str(told)) for task, told in report.descriptions.items()],
    ]
    return Table(title="How it was made", head=("", ""), rows=[row(*each) for each in rows])


def _named(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def markdown(tables: Iterable[Table]) -> str:
    """Return tables as Markdown. What is in a cell stays text."""
    parts = []
    for table in tables:
        lines = [f"## {escaped(table.title)}", ""]
        lines.append("| " + " | ".join(escaped(cell) for cell in table.head) + " |")
        lines.append("| --- |" + " ---: |" * (len(table.head) - 1))
        lines += ["| " + " | ".join(escaped(cell.text) for cell in cells) + " |" for cells in table.rows]
        lines += ["", *[f"{escaped(note)}  " for note in table.notes]]
        parts.append("\n".join(lines).rstrip() + "\n")
    return "\n".join(parts)


def escaped(text: str) -> str:
    """Return text that Markdown, and the HTML in it, show as it is, on one line; no link, no mention."""
    flat = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\`*_{}\[\]()#+!|~])", r"\\\1", flat).replace("@", "&#64;").replace("://", ":&#47;/")


def show(tables: Iterable[Table]) -> str:
    """Return tables as the terminal shows them, by rich."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as Rich

    console = Console(highlight=False)
    with console.capture() as captured:
        for table in tables:
            shown = Rich(title=escape(table.title), title_justify="left", title_style="bold")
            for number, head in enumerate(table.head):
                figures = len(table.head) > 2
                shown.add_column(escape(head), justify="right" if number and figures else "left", overflow="fold")
            for cells in table.rows:
                shown.add_row(*[escape(_printable(cell.text)) for cell in cells])
            console.print(shown)
            for note in table.notes:
                console.print(escape(_printable(note)), style="dim")
            console.print()
    return captured.get()


def _printable(text: str) -> str:
    """Without control characters: a name may not steer the terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)
