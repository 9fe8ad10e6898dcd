"""Writes reports: report.md, report.json and report.html of a run, comparison.* of several.

Changes no verdict. Keeps in scores.json where files were found, and a report that shows more than the new one would.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from humaneval_x.errors import ResultsError
from humaneval_x.files.whole import write_json, write_text
from humaneval_x.reports.compare import Comparison, compare, comparison_tables
from humaneval_x.reports.details import Details, write_chunks
from humaneval_x.reports.listing import Listing
from humaneval_x.reports.pages import Held, Sides, comparison_page, run_page
from humaneval_x.reports.published import reference as published
from humaneval_x.reports.run import RunView, read_run, remember, view
from humaneval_x.reports.sides import sides
from humaneval_x.reports.tables import escaped, markdown, run_tables
from humaneval_x.results import read_rows


def write_run(
    folder: str | Path,
    *,
    output: str | Path | None = None,
    html: str | Path | None = None,
    problems: str | Path | None = None,
    samples: Sequence[str | Path] = (),
    reference: bool = False,
    name: str | None = None,
    back: str | None = None,
) -> RunView:
    """Write a run's report beside it, or into `output`, and return what it shows. Raises ResultsError.

    The page holds its samples up to some megabytes; beyond, they lie in `report_data` beside it, a script for each
    problem and language, which the page loads when a cell is opened, also from a file. `back` is a page to link to.
    """
    folder = Path(folder)
    place = Path(output) if output else folder
    page = Path(html) if html else place / "report.html"
    details = Details()
    run = read_run(folder, problems=problems, samples=samples, rows=details.keep(read_rows(folder)), name=name)
    shown = view(run, published(official=run.official) if reference else None)
    _keep_fuller(place / "report.json", shown)
    if samples or problems:
        remember(run)
    beside = page.with_name(f"{page.stem}_data")
    try:
        place.mkdir(parents=True, exist_ok=True)
        page.parent.mkdir(parents=True, exist_ok=True)
        listing = Listing()
        index, embedded = write_chunks(listing.keep(details.chunks(run)), beside)
        held = Held(
            index=index, embedded=embedded, beside=beside.name, listing=listing, made_by=details.made_by, back=back
        )
        write_text(page, run_page(shown, held))
        tables = [table for section in run_tables(shown).values() for table in section]
        notes = "".join(f"> {escaped(sentence)}\n\n" for sentence in run.absent)
        write_text(place / "report.md", f"# {escaped(run.name)}\n\n{notes}{markdown(tables)}")
        write_json(place / "report.json", shown.to_json())
    except OSError as fault:
        raise ResultsError(f"{place}: the report cannot be written ({fault}); choose another --output") from fault
    return shown


def _keep_fuller(path: Path, shown: RunView) -> None:
    """Refuse to write over a report of the same run that shows more. Raises ResultsError."""
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
        same = there["run"]["samples"] == shown.to_json()["run"]["samples"]
        fuller = len(there["absent"]) < len(shown.run.absent)
    except (OSError, ValueError, KeyError, TypeError):
        return
    if same and fuller:
        lacks = " ".join(shown.run.absent)
        raise ResultsError(f"{path.parent}: the report there shows more, and is kept. {lacks} Or give another --output")


def write_comparison(
    folders: Sequence[str | Path],
    output: str | Path,
    *,
    html: str | Path | None = None,
    problems: str | Path | None = None,
    reference: bool = False,
) -> Comparison:
    """Write comparison.md, .json and .html into `output`, every run against the first; return what they show.

    The page holds the samples of problems won and lost, or loads them from `comparison_data`, as that of a run does.
    """
    place = Path(output)
    runs = [read_run(folder, problems=problems) for folder in folders]
    shown = compare(runs, published(official=runs[0].official) if reference and runs else None)
    try:
        place.mkdir(parents=True, exist_ok=True)
        page = Path(html) if html else place / "comparison.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        changed = {(each.column.key, each.number) for change in shown.changes for each in (*change.won, *change.lost)}
        beside = page.with_name(f"{page.stem}_data")
        index, embedded = write_chunks(sides(runs, changed), beside)
        write_text(page, comparison_page(shown, runs, Sides(index=index, embedded=embedded, beside=beside.name)))
        tables = [table for section in comparison_tables(shown).values() for table in section]
        title = escaped(" and ".join(shown.names))
        write_text(place / "comparison.md", f"# {title}\n\n{markdown(tables)}")
        write_json(place / "comparison.json", shown.to_json())
    except OSError as fault:
        raise ResultsError(f"{place}: the comparison cannot be written ({fault}); choose another --output") from fault
    return shown
