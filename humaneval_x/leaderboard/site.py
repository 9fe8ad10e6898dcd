"""The site: leaderboard.json, leaderboard.md, index.html and a report for each row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from humaneval_x import __version__
from humaneval_x.errors import ResultsError, SubmissionError
from humaneval_x.files.whole import write_json, write_text
from humaneval_x.json_types import JsonObject
from humaneval_x.languages import LANGUAGES
from humaneval_x.leaderboard.judging import BoardRow, judged, row_of, where
from humaneval_x.leaderboard.submissions import Board, read_submission
from humaneval_x.reports.pages import leaderboard_page
from humaneval_x.reports.tables import Table, escaped, markdown, row
from humaneval_x.reports.write import write_run
from humaneval_x.scores import Column, PassAtK, size_of
from humaneval_x.settings import Task


@dataclass
class Built:
    """What a build did."""

    rows: list[BoardRow] = field(default_factory=list)
    evaluated: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """Return what was done, as JSON values."""
        rows = [each.to_json() for each in self.rows]
        return {"rows": rows, "evaluated": self.evaluated, "refused": self.refused}


def check(folder: str | Path, board: Board) -> str:
    """Check and judge one submission, and return its row as Markdown. Raises SubmissionError, MachineError."""
    submission = read_submission(Path(folder), board)
    place, _ = judged(submission, board)
    return markdown(tables([row_of(submission, place, board)]))


def write_refusal(path: Path, fault: SubmissionError) -> None:
    """Write why a submission is refused as Markdown."""
    write_text(path, f"Not published: {escaped(str(fault))}\n")


def build(submissions: str | Path, site: str | Path, board: Board) -> Built:
    """Judge what is new, and write leaderboard.json, leaderboard.md, index.html and each row's report.

    A submission that is refused is left out and named; the others are published. Raises SubmissionError where
    there is no folder of submissions, MachineError.
    """
    source, place = Path(submissions), Path(site)
    if not source.is_dir():
        raise SubmissionError(f"{source}: no such folder; expected one that holds a folder for each submission")
    built, before = Built(), _before(place)
    for folder in sorted(path for path in source.iterdir() if not path.name.startswith(".")):
        try:
            submission = read_submission(folder, board)
            verdicts, new = judged(submission, board)
            built.evaluated += [submission.name] * new
            shown = row_of(submission, verdicts, board)
        except SubmissionError as fault:
            built.refused[folder.name] = str(fault)
            continue
        built.rows.append(shown)
        page = place / shown.report
        if before.get(shown.name) != _made_of(shown.to_json()) or not page.exists():
            write_run(
                verdicts,
                output=page.parent,
                samples=[submission.samples],
                problems=where(board),
                name=shown.model,
                back="../../index.html",
            )
    everything = {
        "version": __version__,
        "problems": {"name": board.problems.name, "digest": board.problems.digest},
        "rows": [each.to_json() for each in built.rows],
        "refused": built.refused,
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_text(place / "index.html", leaderboard_page(everything))
        write_text(place / "leaderboard.md", "# HumanEval-X leaderboard\n\n" + markdown(tables(built.rows)))
        write_json(place / "leaderboard.json", everything)
    except OSError as fault:
        raise ResultsError(f"{place}: the site cannot be written ({fault}); choose another --output") from fault
    return built


def _before(site: Path) -> dict[str, tuple[Any, ...]]:
    """What each report of the site, as it is, was made of."""
    try:
        content = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))
        if content["version"] != __version__:
            return {}
        return {each["name"]: _made_of(each) for each in content["rows"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no site yet, or not one of ours: every report is made


def _made_of(row: JsonObject) -> tuple[Any, ...]:
    return row["key"], row["model"], row["scores"]


def ranks(entries: Sequence[PassAtK | None]) -> list[int | None]:
    """Return the rank of each pass@k: 1 + the number of those whose interval lies wholly above its own.

    Those whose intervals overlap share a rank. None where there is no value.
    """
    there = [entry for entry in entries if entry is not None]
    return [None if entry is None else 1 + sum(other.low > entry.high for other in there) for entry in entries]


def tables(rows: Sequence[BoardRow]) -> list[Table]:
    """Return a table for each task, by overall pass@1: rank, model, size, n, every k."""
    return [_table(task, [each for each in rows if task in each.scores]) for task in Task if _has(task, rows)]


def _has(task: Task, rows: Sequence[BoardRow]) -> bool:
    return any(task in each.scores for each in rows)


def _table(task: Task, rows: Sequence[BoardRow]) -> Table:
    listed = sorted(rows, key=lambda each: (-each.scores[task].overall.pass_at[1].value, each.name))
    ks = sorted({k for each in listed for k in each.ks if k in each.scores[task].overall.pass_at})
    columns = [Column(task=task, target=name) for name in LANGUAGES] if task is Task.GENERATION else []
    lines = []
    for rank, each in zip(ranks([each.scores[task].overall.pass_at[1] for each in listed]), listed, strict=True):
        scores = each.scores[task]
        size = "-" if each.parameters_b is None else f"{each.parameters_b:g}"
        own = [_cell(scores.overall.pass_at.get(k) if k in each.ks else None) for k in ks]
        single = [
            _cell(scores.columns[column].pass_at.get(1) if column in scores.columns else None) for column in columns
        ]
        lines.append(row(str(rank), each.model, size, str(each.num_samples), *own, *single))
    languages = [f"{column.title} pass@1" for column in columns]
    head = ("rank", "model", "parameters (10^9)", "n", *map(size_of, ks), *languages)
    note = "models whose 95 % intervals of overall pass@1 overlap with nobody's above them share that rank"
    return Table(title=f"{task.value}: pass@k in %", head=head, rows=lines, notes=(note,))


def _cell(entry: PassAtK | None) -> str:
    return "-" if entry is None else entry.percent
