"""The tables of a report: made once from its JSON values, shown by the terminal, Markdown and the page alike."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from humaneval_x.languages import LANGUAGES
from humaneval_x.records import Status
from humaneval_x.reports.terminal import cell_of, sizes_of, title_of
from humaneval_x.scoring import describe_missing

STATUSES = tuple(status.value for status in Status)


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


def run_tables(view: Mapping[str, Any]) -> dict[str, list[Table]]:
    """Return every table of one run's report, by section."""
    several = len(view["scores"]) > 1
    found: dict[str, list[Table]] = {
        "scores": [],
        "matrices": [],
        "reference": [],
        "outcomes": [],
        "about": [about(view)],
    }
    for texts, tasks in view["scores"].items():
        for task, named in tasks.items():
            title = f"{task}, {texts} texts" if several else task
            found["scores"].append(scores(named, title))
            found["matrices"] += matrices(named, title)
    for task, named in view["scores"].get(view["errata"], {}).items():
        found["outcomes"].append(outcomes(named, f"{task}: outcomes"))
        found["reference"] += references({view["name"]: named}, view["reference"].get(task, ()), task)
    return found


def scores(named: Mapping[str, Any], title: str) -> Table:
    """Return pass@k with intervals, a row per column and overall."""
    sizes = sizes_of(named)
    rows, notes = [], []
    for name, entry in named.items():
        cells = [cell_of(entry, size) for size in sizes]
        rows.append(row(title_of(name), *cells, str(entry["n_tasks"]), str(entry["n_samples"])))
        if name != "overall":
            notes += [describe_missing(title_of(name), size, gap) for size, gap in entry["missing"].items()]
    if any(entry.get(size, {}).get("partial") for entry in named.values() for size in sizes):
        notes.append("* partial: over the tasks that have enough samples")
    return Table(title=f"{title}: pass@k in %", head=("", *sizes, "tasks", "samples"), rows=rows, notes=notes)


def references(runs: Mapping[str, Any], models: Sequence[Mapping[str, Any]], task: str) -> list[Table]:
    """Return, for each k, the runs' pass@k above the published ones; translation by target is left to `matrices`."""
    if not models:
        return []
    found: list[Table] = []
    languages = [name for name in LANGUAGES if any(name in model["columns"] for model in models)]
    for size in ("pass@1", "pass@10", "pass@100"):
        rows = []
        for name, named in runs.items():
            cells = [_own(named.get(column, {}).get(size)) for column in (*languages, "overall")]
            rows.append(row(name, *cells))
        notes = []
        for model in models:
            cells = [published(model["columns"].get(column, {}).get(size)) for column in (*languages, "overall")]
            rows.append(row(f"published: {model['model']}", *cells))
            if size in model["unassigned"]:
                loose = " / ".join(f"{100 * value:.2f}" for value in model["unassigned"][size])
                notes.append(f"{model['model']}: the languages' values, not known which is which: ~{loose}")
        if not found:  # once, not below each k
            notes += list(dict.fromkeys(note for model in models for note in model["notes"]))
        head = ("", *[title_of(name) for name in languages], "overall")
        found.append(Table(title=f"{task}: {size} in %, beside published figures", head=head, rows=rows, notes=notes))
    for model in models:
        found += matrices(model["columns"], f"published: {model['model']}")
    return found


def _own(entry: Mapping[str, Any] | None) -> str:
    return "-" if entry is None else f"{100 * entry['value']:.2f}"


def published(entry: Mapping[str, Any] | None) -> str:
    """Return a published figure in percent: with ~ where it was measured from a picture, = where computed."""
    if entry is None:
        return "-"
    return {"printed": "", "measured": "~", "computed": "="}[entry["how"]] + f"{100 * entry['value']:.2f}"


def matrices(pairs: Mapping[str, Any], title: str) -> list[Table]:
    """Return a source x target table for each k, with row and column means, shaded by value; none without pairs."""
    found = []
    pairs = {name: entry for name, entry in pairs.items() if "-" in name}
    present = {part for name in pairs for part in name.split("-")}
    names = [name for name in LANGUAGES if name in present]
    for size in sizes_of(pairs):
        value = {name: entry[size]["value"] for name, entry in pairs.items() if size in entry}
        rows = []
        for source in names:
            line = [value.get(f"{source}-{target}") for target in names]
            rows.append([Cell(text=title_of(source)), *map(_percent, line), _mean(line)])
        means = [[value.get(f"{source}-{target}") for source in names] for target in names]
        rows.append([Cell(text="mean"), *map(_mean, means), _mean(list(value.values()))])
        found.append(
            Table(
                title=f"{title}: {size} in %, from row to column",
                head=("from \\ to", *[title_of(name) for name in names], "mean"),
                rows=rows,
                notes=()
                if len(value) == len(names) * (len(names) - 1)
                else ("means are over the pairs that are there",),
            )
        )
    return found


def _percent(value: float | None) -> Cell:
    return Cell(text="") if value is None else Cell(text=f"{100 * value:.2f}", shade=value)


def _mean(values: Iterable[float | None]) -> Cell:
    there = [value for value in values if value is not None]
    return _percent(sum(there) / len(there) if there else None)


def outcomes(named: Mapping[str, Any], title: str) -> Table:
    """Return how many samples came to which end, a row per column; ends that nothing came to are named below."""
    entries = {name: entry["outcomes"] for name, entry in named.items() if name != "overall"}
    present = [status for status in STATUSES if any(status in counts for counts in entries.values())]
    rows = []
    for name, counts in entries.items():
        cells = [str(counts.get(status, 0)) for status in present]
        rows.append(row(title_of(name), *cells, str(sum(counts.values()))))
    absent = [plain(status) for status in STATUSES if status not in present]
    return Table(
        title=title,
        head=("", *map(plain, present), "samples"),
        rows=rows,
        notes=[f"none: {', '.join(absent)}"] if absent else [],
    )


def plain(status: str) -> str:
    """Return a status for people."""
    return status.replace("_", " ")


def about(view: Mapping[str, Any]) -> Table:
    """Return how the run was made."""
    run = view["run"]
    limits = ("compile_limits", "run_limits")
    rows = [
        ("problem set", f"{run['problems']['name']}, SHA-256 {run['problems']['digest']}"),
        *[("samples", f"{each['file']}, {each['bytes']} bytes, SHA-256 {each['sha256']}") for each in run["samples"]],
        *[(key.replace("_", " "), str(value)) for key, value in run["settings"].items() if key not in limits],
        *[(key.replace("_", " "), _named(run["settings"][key])) for key in limits],
        ("sandbox", f"{run['sandbox']['description']}, {run['sandbox']['workers']} workers"),
        *[(f"toolchain: {title_of(name)}", _named(versions)) for name, versions in run["toolchains"].items()],
        ("programs", f"{view['executed']} executed, {view['shared']} samples shared the verdict of an identical one"),
        ("CPU time of the programs", f"{view['cpu_s']:.1f} s"),
        ("wall time of the last call", f"{run['wall_s']:.1f} s, {_resumed(run)} verdicts were there from before"),
        ("jails replaced", str(run["harness"]["jails_replaced"])),
    ]
    return Table(title="How it was made", head=("", ""), rows=[row(*each) for each in rows])


def _resumed(run: Mapping[str, Any]) -> int:
    return sum(counts["resumed"] for counts in run["programs"].values())


def _named(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


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
