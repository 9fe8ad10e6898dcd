"""The pass@k table on the terminal, plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from humaneval_x.languages import LANGUAGES
from humaneval_x.scoring import describe_missing


def table(report: Mapping[str, Any]) -> str:
    """Return a run's scores as text: one line per language or pair, pass@k with its 95 % interval, in percent."""
    lines: list[str] = []
    several = len(report["scores"]) > 1
    for texts, tasks in report["scores"].items():
        for task, named in tasks.items():
            sizes = sizes_of(named)
            title = f"{task}, {texts} texts" if several else task
            rows = [[title, "tasks", "samples", *sizes]]
            notes = []
            for name, entry in named.items():
                cells = [cell_of(entry, size) for size in sizes]
                rows.append([title_of(name), str(entry["n_tasks"]), str(entry["n_samples"]), *cells])
                if name != "overall":
                    notes += [describe_missing(title_of(name), size, gap) for size, gap in entry["missing"].items()]
            lines += [*align(rows), *notes, ""]
    return "\n".join([*lines, *_footer(report)])


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with columns of one width: the first to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    out = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *[cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]]
        out.append("  ".join(cells).rstrip())
    return out


def sizes_of(named: Mapping[str, Any]) -> list[str]:
    """Return the keys `pass@k` that any of the columns has, by k."""
    keys = {key for entry in named.values() for key in entry if key.startswith("pass@")}
    return sorted(keys, key=lambda key: int(key.partition("@")[2]))


def title_of(name: str) -> str:
    """Return a column's name for people: 'C++', 'Python -> Go', 'overall'."""
    source, dash, target = name.partition("-")
    if dash:
        return f"{LANGUAGES[source].TITLE} -> {LANGUAGES[target].TITLE}"
    return LANGUAGES[name].TITLE if name in LANGUAGES else name


def cell_of(entry: Mapping[str, Any], size: str) -> str:
    """Return a pass@k in percent with its interval, `*` where it is partial, `-` where there is none."""
    if size not in entry:
        return "-"
    found = entry[size]
    mark = "*" if found["partial"] else ""
    return f"{100 * found['value']:.2f}{mark} [{100 * found['low']:.1f}, {100 * found['high']:.1f}]"


def _footer(report: Mapping[str, Any]) -> list[str]:
    lines = []
    counts = report["programs"].values()
    samples, executed, shared, resumed = (
        sum(each[key] for each in counts) for key in ("samples", "executed", "shared", "resumed")
    )
    told = f"{executed} programs run, {shared} shared with an identical one, {resumed} from before"
    lines.append(f"{samples} samples: {told}")
    if any(
        entry[size]["partial"]
        for tasks in report["scores"].values()
        for named in tasks.values()
        for entry in named.values()
        for size in sizes_of({"": entry})
    ):
        lines.append("* partial: over the tasks that are there")
    replaced = report["harness"]["jails_replaced"]
    lines.append(f"sandbox: {report['sandbox']['description']}; jails replaced: {replaced}")
    return lines
